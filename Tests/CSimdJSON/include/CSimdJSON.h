#ifndef SLUICE_CSIMDJSON_H
#define SLUICE_CSIMDJSON_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
/// 0 when the bytes are one JSON document that simdjson's DOM accepts, its error code otherwise.
int simdjson_check(const uint8_t *_Nullable bytes, size_t count);
#ifdef __cplusplus
}
#endif
#endif
