// see CKernels.h
