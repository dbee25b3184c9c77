#include "CSimdJSON.h"
#include <simdjson.h>

int simdjson_check(const uint8_t *bytes, size_t count) {
    simdjson::dom::parser parser;
    simdjson::padded_string padded(reinterpret_cast<const char *>(bytes), count);
    return static_cast<int>(parser.parse(padded).error());
}
