// Records in words and as JSON, as several commands show them.
#pragma once

#include "kinds.hpp"
#include "output.hpp"

namespace tool {

/// What a verdict means, by rck_explain.
std::string explanation(const rck_verdict &verdict);

/// The fields of a struct that are not zero, as ` name=value`, but for struct_size and what is named in `without`.
std::string fields_text(const Layout &layout, const void *record, std::initializer_list<std::string_view> without = {});

/// All fields of a struct, as members of an object that is open.
void fields_json(Json &json, const Layout &layout, const void *record);

/// What the first line says, as ` name=value`.
std::string parts_text(const Record &record);

/// A record with all its fields, as an object.
void record_json(Json &json, const Record &record);

} // namespace tool
