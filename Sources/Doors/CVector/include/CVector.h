// Vector instructions that have no name in Swift, or that not every machine has.
//
// Marks say which bytes of a text are no plain characters of a JSON string: quotes, backslashes, control characters, and
// what is not ASCII. One bit for each byte, the first one's lowest; the byte behind the last one is always marked. Out of
// Swift's own vectors it takes ten instructions to get 16 bits; here it is one.
#ifndef SLUICE_CVECTOR_H
#define SLUICE_CVECTOR_H

#include <stddef.h>
#include <stdint.h>

/// Marks `count` bytes of text. `marks` need not be aligned: 8 bytes for each 64 of text, and 8 more.
///
/// Up to 63 bytes behind the text are read, and marked as well.
void cv_mark(const void *text, size_t count, void *marks);

/// Copies `count` bytes, takes a mask of four bytes off them on the way, and marks the copy.
///
/// Up to 63 bytes behind `count` are read at the source, and written and marked at the target.
void cv_copy_marked(void *target, const void *source, size_t count, uint32_t mask, void *marks);

/// The same without the instructions that only some machines of this kind have, and without those of this kind of
/// machine; for tests.
void cv_copy_marked_plainly(void *target, const void *source, size_t count, uint32_t mask, void *marks);
void cv_copy_marked_anywhere(void *target, const void *source, size_t count, uint32_t mask, void *marks);

#endif
