// Records in words and as JSON: every field that rck_layout tells, with the header's names.
#include "show.hpp"

#include <algorithm>

namespace tool {

namespace {

void number_json(Json &json, Form form, Number number) {
  if (form.kind == Form::bits || form.kind == Form::controls) {
    json.open('[');
    for (u32 bit = 0; bit < 64; bit++)
      if (const u64 set = number.bits & u64{1} << bit; set != 0)
        json.value(words(form, {set, false}));
    json.close(']');
    return;
  }
  const std::string word = words(form, number);
  if (form.kind == Form::status && word != text(number))
    json.value("RCK_" + word); // statuses have their whole names, as everywhere but in tables
  else if (word == text(number) || form.kind == Form::real)
    json.raw(word);
  else
    json.value(word);
}

void field_json(Json &json, const Layout &layout, const Field &field, const void *record) {
  json.key(field.name);
  if (field.type == RCK_FIELD_CHAR) {
    json.value(chars_at(field, record));
    return;
  }
  const Form form = form_of(layout, field, record);
  if (field.count == 1) {
    number_json(json, form, number_at(field, record));
    return;
  }
  json.open('[');
  for (u32 index = 0; index < field.count; index++)
    number_json(json, form, number_at(field, record, index));
  json.close(']');
}

} // namespace

std::string explanation(const rck_verdict &verdict) {
  char text[512];
  return rck_explain(&verdict, text, sizeof text) == RCK_OK ? text : "";
}

std::string fields_text(const Layout &layout, const void *record, std::initializer_list<std::string_view> without) {
  std::string found;
  for (const Field &field : layout.fields) {
    const bool is_left_out = std::find(without.begin(), without.end(), field.name) != without.end();
    if (field.name != "struct_size" && !is_left_out && !is_zero(field, record))
      found += " " + field.name + "=" + words(layout, field, record);
  }
  return found;
}

void fields_json(Json &json, const Layout &layout, const void *record) {
  for (const Field &field : layout.fields)
    if (!field.is_reserved || (field.name != "struct_size" && !is_zero(field, record)))
      field_json(json, layout, field, record);
}

std::string parts_text(const Record &record) {
  std::string found;
  if (record.kind() == nullptr) {
    const rck_event &event = record.event();
    return " subject=" + std::to_string(event.subject) + " values=" + std::to_string(event.values[0]) + "," +
           std::to_string(event.values[1]);
  }
  for (const Part &part : record.kind()->parts)
    if (!part.name.empty())
      found += " " + std::string(part.name) + "=" + words(part.form, record.number(part));
  return found;
}

void record_json(Json &json, const Record &record) {
  const rck_event &event = record.event();
  json.open('{').pair("kind", std::string_view(record.name())).pair("port", u32{event.port});
  json.pair("sequence", u64{event.sequence}).pair("time_ns", i64{event.time_ns});
  json.pair("time", std::string_view(time_text(event.time_ns)));
  json.pair("correlation_id", u64{event.correlation_id}).pair("ticket", u64{event.ticket});
  json.pair("severity", std::string_view(words({Form::one, severities}, {record.severity(), false})));
  json.pair("control", std::string_view(words({Form::one, controls}, {event.control, false})));
  json.pair("overlapped", record.is_overlapped()).pair("lines", u32{event.lines}).pair("subject", u64{event.subject});
  json.key("values").open('[').value(i64{event.values[0]}).value(i64{event.values[1]}).close(']');
  if (record.kind() != nullptr) {
    json.key("about").open('{');
    for (const Part &part : record.kind()->parts)
      if (!part.name.empty())
        number_json(json.key(part.name), part.form, record.number(part));
    json.close('}');
  }
  if (record.body() != nullptr) {
    const Layout &body = layout(record.kind()->body);
    fields_json(json.key(body.name.substr(4)).open('{'), body, record.body());
    json.close('}');
  }
  if (const rck_verdict *verdict = record.verdict()) {
    fields_json(json.key("verdict").open('{'), layout("rck_verdict"), verdict);
    json.close('}').pair("explanation", std::string_view(explanation(*verdict)));
  }
  json.close('}');
}

} // namespace tool
