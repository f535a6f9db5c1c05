// The compression library zlib as the system ships it.
#include <zlib.h>
