// Vector instructions that have no name in Swift, or that not every machine has.
//
// Marks say which bytes of a text are no plain characters of a JSON string: quotes, backslashes, control characters, and
// what is not ASCII. One bit for each byte, the first one's lowest; the byte behind the last one is always marked. Out of
// Swift's own vectors it takes ten instructions to get 16 bits; here it is one.
#ifndef SLUICE_CVECTOR_H
#define SLUICE_CVECTOR_H

#include <stddef.h>
#include <stdint.h>

/// Copies `count` bytes, takes a mask of four bytes off them on the way, and marks the copy. The two are the same place or
/// do not overlap. `marks` need not be aligned: 8 bytes for each 64 of text, and 8 more.
///
/// Up to 63 bytes behind `count` are read at the source, and written and marked at the target.
void cv_copy_marked(void *target, const void *source, size_t count, uint32_t mask, void *marks);

/// The same with what every machine of this kind has, and with what every machine has; for tests.
void cv_copy_marked_baseline(void *target, const void *source, size_t count, uint32_t mask, void *marks);
void cv_copy_marked_portable(void *target, const void *source, size_t count, uint32_t mask, void *marks);

#endif
