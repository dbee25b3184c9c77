#include "CSimdJSON.h"
#include <simdjson.h>

static simdjson::padded_string padded(const uint8_t *bytes, size_t count) {
    return simdjson::padded_string(reinterpret_cast<const char *>(bytes), count);
}

int simdjson_check(const uint8_t *bytes, size_t count) {
    simdjson::dom::parser parser;
    auto text = padded(bytes, count);
    return static_cast<int>(parser.parse(text).error());
}

int simdjson_members(const uint8_t *bytes, size_t count, const char *name) {
    simdjson::dom::parser parser;
    auto text = padded(bytes, count);
    simdjson::dom::object object;
    if (parser.parse(text).get(object)) return -1;
    int found = 0;
    for (auto field : object) found += field.key == name;
    return found;
}

int simdjson_member_is(const uint8_t *bytes, size_t count, const char *name, const uint8_t *wanted,
                       size_t wanted_count) {
    simdjson::dom::parser parser;
    auto text = padded(bytes, count);
    simdjson::dom::object object;
    std::string_view value;
    if (parser.parse(text).get(object) || object[name].get(value)) return 0;
    return value == std::string_view(reinterpret_cast<const char *>(wanted), wanted_count);
}

int simdjson_is_utf8(const uint8_t *bytes, size_t count) {
    return simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), count);
}
