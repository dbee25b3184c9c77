#ifndef SLUICE_CSIMDJSON_H
#define SLUICE_CSIMDJSON_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
/// 0 when the bytes are one JSON document that simdjson's DOM accepts, its error code otherwise.
int simdjson_check(const uint8_t *_Nullable bytes, size_t count);
/// How many top-level members of this name (unescaped) the object has; -1 when the bytes are no object.
int simdjson_members(const uint8_t *_Nullable bytes, size_t count, const char *_Nonnull name);
/// The string member of this name, unescaped, is these bytes: 1; else 0.
int simdjson_member_is(const uint8_t *_Nullable bytes, size_t count, const char *_Nonnull name,
                       const uint8_t *_Nullable text, size_t text_count);
/// 1 when the bytes are UTF-8.
int simdjson_is_utf8(const uint8_t *_Nullable bytes, size_t count);
#ifdef __cplusplus
}
#endif
#endif
