// Optimizer updates in one pass: the chain of a program would go through the cache a dozen times.

// Elements first ..< last of Adam's update.
static void CK_NAME(adam)(const ck_adam *u, int64_t first, int64_t last) {
    const float *mean_a = u->mean[0], *mean_b = u->mean[1];
    const float *square_a = u->square[0], *square_b = u->square[1], *weight = u->weight;
    float *new_mean = u->new_mean, *new_square = u->new_square, *new_weight = u->new_weight;
    const float mean_share_a = u->mean_shares[0], mean_share_b = u->mean_shares[1];
    const float square_share_a = u->square_shares[0], square_share_b = u->square_shares[1];
    const float scale = u->scale, epsilon = u->epsilon, rate = u->rate;
    CK_VECTOR_LOOP for (int64_t i = first; i < last; i++) {
        float mean = mean_a[i] * mean_share_a + mean_b[i] * mean_share_b;
        float root = square_b[i];
        float square = square_a[i] * square_share_a + root * root * square_share_b;
        float divisor = CK_ROOT(CK_F32_FUNCTION, square) * scale + epsilon;
        float moved = weight[i] - mean / divisor * rate;
        new_mean[i] = mean;
        new_square[i] = square;
        new_weight[i] = moved;
    }
}
