#include "CVector.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static uint64_t marks_of_8(const char *text) {
    const uint64_t ones = 0x0101010101010101, low = 0x7F7F7F7F7F7F7F7F;
    uint64_t bytes;
    memcpy(&bytes, text, sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    // The high bit of each byte of these says: not a control character, not a quote, not a backslash. No byte carries
    // into the next, as its own high bit is out of the way.
    uint64_t above = (bytes & low) + 0x60 * ones;
    uint64_t quote = ((bytes & low) ^ 0x22 * ones) + low;
    uint64_t backslash = ((bytes & low) ^ 0x5C * ones) + low;
    uint64_t marks = (~(above & quote & backslash) | bytes) & ~low;
    // Gathers the eight bits in the highest byte.
    return ((marks >> 7) * 0x0102040810204080) >> 56;
}

/// Marks the byte behind the text, whose other marks are made.
static inline void mark_end(size_t count, char *marks) {
    uint64_t last = 0;
    if (count & 63) memcpy(&last, marks + count / 64 * 8, sizeof last);
    last |= (uint64_t)1 << (count & 63);
    memcpy(marks + count / 64 * 8, &last, sizeof last);
}

void cv_copy_marked_portable(void *target, const void *source, size_t count, uint32_t mask, void *marks) {
    char *to = target;
    for (size_t at = 0; at < count; at += 64) {
        uint64_t bits = 0;
        for (int part = 0; part < 64; part += 8) {
            uint64_t bytes;
            memcpy(&bytes, (const char *)source + at + part, sizeof bytes);
            bytes ^= mask * (uint64_t)0x100000001;
            memcpy(to + at + part, &bytes, sizeof bytes);
            bits |= marks_of_8(to + at + part) << part;
        }
        memcpy((char *)marks + at / 8, &bits, sizeof bits);
    }
    mark_end(count, marks);
}

#if defined(__x86_64__)
// With bit 1 turned, a quote is next to the control characters; all of them are below what is plain, and what is not
// ASCII is below them, as signed. All bits turned, below becomes above, which spares a copy of the constant.
static inline uint64_t marks_of_16(__m128i bytes) {
    __m128i below = _mm_cmpgt_epi8(_mm_xor_si128(bytes, _mm_set1_epi8((char)~2)), _mm_set1_epi8((char)~0x21));
    __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x5C));
    return (uint32_t)_mm_movemask_epi8(_mm_or_si128(below, backslash));
}

void cv_copy_marked_baseline(void *target, const void *source, size_t count, uint32_t mask, void *marks) {
    const __m128i key = _mm_set1_epi32((int)mask);
    for (size_t at = 0; at < count; at += 64) {
        uint64_t bits = 0;
        for (int part = 0; part < 64; part += 16) {
            __m128i bytes = _mm_loadu_si128((const __m128i *)((const char *)source + at + part));
            bytes = _mm_xor_si128(bytes, key);
            _mm_storeu_si128((__m128i *)((char *)target + at + part), bytes);
            bits |= marks_of_16(bytes) << part;
        }
        memcpy((char *)marks + at / 8, &bits, sizeof bits);
    }
    mark_end(count, marks);
}

__attribute__((target("avx2"))) static inline uint64_t marks_of_32(__m256i bytes) {
    __m256i below =
        _mm256_cmpgt_epi8(_mm256_xor_si256(bytes, _mm256_set1_epi8((char)~2)), _mm256_set1_epi8((char)~0x21));
    __m256i backslash = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(0x5C));
    return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(below, backslash));
}

__attribute__((target("avx2"))) static void copy_marked_avx2(
    void *target, const void *source, size_t count, uint32_t mask, void *marks) {
    const __m256i key = _mm256_set1_epi32((int)mask);
    // Most texts are of a few rounds.
#pragma clang loop unroll(disable)
    for (size_t at = 0; at < count; at += 64) {
        const __m256i *from = (const __m256i *)((const char *)source + at);
        __m256i *to = (__m256i *)((char *)target + at);
        __m256i first = _mm256_xor_si256(_mm256_loadu_si256(from), key);
        __m256i second = _mm256_xor_si256(_mm256_loadu_si256(from + 1), key);
        _mm256_storeu_si256(to, first);
        _mm256_storeu_si256(to + 1, second);
        uint64_t bits = marks_of_32(first) | marks_of_32(second) << 32;
        memcpy((char *)marks + at / 8, &bits, sizeof bits);
    }
    mark_end(count, marks);
}

static _Bool has_avx2;

__attribute__((constructor)) static void look_at_machine(void) {
    __builtin_cpu_init();
    has_avx2 = __builtin_cpu_supports("avx2") != 0;
}

void cv_copy_marked(void *target, const void *source, size_t count, uint32_t mask, void *marks) {
    if (has_avx2) copy_marked_avx2(target, source, count, mask, marks);
    else cv_copy_marked_baseline(target, source, count, mask, marks);
}
#else
void cv_copy_marked_baseline(void *target, const void *source, size_t count, uint32_t mask, void *marks) {
    cv_copy_marked_portable(target, source, count, mask, marks);
}

void cv_copy_marked(void *target, const void *source, size_t count, uint32_t mask, void *marks) {
    cv_copy_marked_portable(target, source, count, mask, marks);
}
#endif
