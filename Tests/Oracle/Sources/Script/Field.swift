import CRiskCheck

/// A field of a record, as text and back.
struct Field<Record> {
  let name: String
  /// Nil when the field is zero, which is not written.
  let show: (Record) -> String?
  /// False when the text means nothing here.
  let read: (inout Record, String) -> Bool
}

extension Field {
  static func number<Number: FixedWidthInteger>(
    _ name: String, _ path: WritableKeyPath<Record, Number>, _ form: Names.Form = .number
  ) -> Field {
    Field(
      name: name,
      show: { $0[keyPath: path] == 0 ? nil : Names.show(Int128($0[keyPath: path]), form) },
      read: { record, text in
        guard let number = Names.read(text, form), let exact = Number(exactly: number) else { return false }
        record[keyPath: path] = exact
        return true
      })
  }

  /// In as many digits as it takes; -0.0 is written as well.
  static func real(_ name: String, _ path: WritableKeyPath<Record, Double>) -> Field {
    Field(
      name: name,
      show: { $0[keyPath: path].bitPattern == 0 ? nil : "\($0[keyPath: path])" },
      read: { record, text in
        guard let value = Double(text) else { return false }
        record[keyPath: path] = value
        return true
      })
  }

  /// Four numbers, with commas.
  static func four<Number: FixedWidthInteger>(
    _ name: String, _ path: WritableKeyPath<Record, (Number, Number, Number, Number)>,
    _ form: Names.Form = .number
  ) -> Field {
    Field(
      name: name,
      show: {
        let (a, b, c, d) = $0[keyPath: path]
        if a == 0 && b == 0 && c == 0 && d == 0 { return nil }
        return [a, b, c, d].map { Names.show(Int128($0), form) }.joined(separator: ",")
      },
      read: { record, text in
        let parts = text.split(separator: ",").map { Names.read(String($0), form) }
        let numbers = parts.map { $0.flatMap { Number(exactly: $0) } } + [0, 0, 0]
        guard numbers.count <= 7, let a = numbers[0], let b = numbers[1], let c = numbers[2],
          let d = numbers[3]
        else { return false }
        record[keyPath: path] = (a, b, c, d)
        return true
      })
  }

  /// The numbers of an array, with commas, without the zeros at its end.
  static func list<Numbers, Number: FixedWidthInteger>(
    _ name: String, _ path: WritableKeyPath<Record, Numbers>, of: Number.Type, _ form: Names.Form = .number
  ) -> Field {
    Field(
      name: name,
      show: {
        let numbers = withUnsafeBytes(of: $0[keyPath: path]) { Array($0.bindMemory(to: Number.self)) }
        guard let last = numbers.lastIndex(where: { $0 != 0 }) else { return nil }
        return numbers[...last].map { Names.show(Int128($0), form) }.joined(separator: ",")
      },
      read: { record, text in
        let parts = text.split(separator: ",").map { Names.read(String($0), form) }
        let numbers = parts.compactMap { $0.flatMap { Number(exactly: $0) } }
        return withUnsafeMutableBytes(of: &record[keyPath: path]) { bytes in
          let room = bytes.bindMemory(to: Number.self)
          guard numbers.count == parts.count, numbers.count <= room.count else { return false }
          for (index, number) in numbers.enumerated() { room[index] = number }
          return true
        }
      })
  }

  /// A name of at most 31 bytes, without blanks.
  static func text<Bytes>(_ name: String, _ path: WritableKeyPath<Record, Bytes>) -> Field {
    Field(
      name: name,
      show: {
        let shown = withUnsafeBytes(of: $0[keyPath: path]) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        return shown.isEmpty ? nil : shown
      },
      read: { record, text in
        withUnsafeMutableBytes(of: &record[keyPath: path]) { $0.copyBytes(from: text.utf8.prefix(31)) }
        return true
      })
  }
}

/// Non-zero fields as `name=value`, in the order of the list.
func show<Record>(_ record: Record, _ fields: ArraySlice<Field<Record>>) -> [String] {
  fields.compactMap { field in field.show(record).map { "\(field.name)=\($0)" } }
}
