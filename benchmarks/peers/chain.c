// The reverse chain with fresh noise as one fused loop over short vectors: SFC32 in every lane, Box-Muller pairs, the
// states of bits and paths in registers. What numeric/engine/kernels.py is measured against; same method, same precision.
#include <math.h>
#include <stdint.h>
#ifdef __AVX512F__
#include <immintrin.h>
#endif

#define LANES 16
typedef float V __attribute__((vector_size(4 * LANES)));
typedef int32_t I __attribute__((vector_size(4 * LANES)));
typedef uint32_t U __attribute__((vector_size(4 * LANES)));

static inline V root(V x) {
#ifdef __AVX512F__
    return (V)_mm512_sqrt_ps((__m512)x);
#else
    for (int j = 0; j < LANES; j++) x[j] = sqrtf(x[j]);
    return x;
#endif
}

static inline U sfc(U *a, U *b, U *c, uint32_t n) {
    U word = *a + *b + n;
    *a = *b ^ (*b >> 9);
    *b = *c + (*c << 3);
    *c = ((*c << 21) | (*c >> 11)) + word;
    return word;
}

static inline V radius(U word, float scale) {
    I i = (I)__builtin_convertvector(word | 1, V) - (0x3f3504f3 + (32 << 23));
    V m = (V)((i & 0x7fffff) + 0x3f3504f3) - 1.0f;
    V p = -0.10133911669254303f * m + 0.16234134137630463f;
    p = p * m - 0.17247025668621063f;
    p = p * m + 0.19898569583892822f;
    p = p * m - 0.24970071017742157f;
    p = p * m + 0.33335113525390625f;
    p = p * m - 0.5000036358833313f;
    p = p * m + 0.9999999403953552f;
    return root((__builtin_convertvector(i >> 23, V) * 0.69314718f + p * m) * scale);
}

static inline V turned(V x, I signs) { return (V)((I)x ^ (signs & (int32_t)0x80000000)); }

static inline void quarter(I word, V *cosine, V *sine) {
    V x = (V)((word & 0x7ffe00) | 0x3f800100) - 1.5f, q = x * x;
    V s = x * (((-0.003247228916734457f * q + 0.05633936822414398f) * q - 0.4567647874355316f) * q + 1.1107207536697388f);
    V c = ((-0.014430816285312176f * q + 0.1793212890625f) * q - 0.8723555207252502f) * q + 0.7071067690849304f;
    *cosine = c - s, *sine = c + s;
}

void chain(float *x, const uint32_t *seed, long groups, const float *factor, const float *variance, long steps) {
    for (long g = 0; g < groups; g++) {
        const U *s = (const U *)seed + 3 * g;
        V *paths = (V *)x + 4 * g, x0 = paths[0], x1 = paths[1], x2 = paths[2], x3 = paths[3], p, q;
        U a = s[0], b = s[1], c = s[2];
        uint32_t n = 0;
        for (long k = 0; k < steps; k++, n += 3) {
            float f = factor[k], scale = -2.0f * variance[k];
            V r0 = radius(sfc(&a, &b, &c, n), scale), r1 = radius(sfc(&a, &b, &c, n + 1), scale);
            I w = (I)sfc(&a, &b, &c, n + 2);
            quarter(w << 9, &p, &q);
            x0 = f * x0 + r0 * turned(p, w << 16), x1 = f * x1 + r0 * turned(q, w << 17);
            quarter(w >> 7, &p, &q);
            x2 = f * x2 + r1 * turned(p, w), x3 = f * x3 + r1 * turned(q, w << 1);
        }
        paths[0] = x0, paths[1] = x1, paths[2] = x2, paths[3] = x3;
    }
}
