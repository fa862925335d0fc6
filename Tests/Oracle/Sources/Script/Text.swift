import CRiskCheck

/// Steps as lines, `verb name=value ...`, and back.
extension Step {
  public var text: String {
    let (verb, words) = command.words
    return ([verb] + (port == 1 ? [] : ["port=\(port)"]) + words).joined(separator: " ")
  }

  /// `words` are name=value; the fault says what means nothing.
  public static func read(_ verb: String, _ words: [(name: String, value: String)]) -> Result<
    Step, ScriptFault
  > {
    var reader = Reader(words: words)
    let port = reader.take("port").flatMap { UInt32($0) } ?? 1
    guard let command = Command.read(verb, &reader) else { return .failure(ScriptFault("no verb \(verb)")) }
    if let wrong = reader.wrong ?? reader.words.first.map({ "\($0.name)=\($0.value)" }) {
      return .failure(ScriptFault("\(verb) does not take \(wrong)"))
    }
    return .success(Step(port: port, command))
  }
}

public struct ScriptFault: Error {
  public let text: String
  public init(_ text: String) { self.text = text }
}

/// Takes names and values apart, and keeps what it could not.
struct Reader {
  var words: [(name: String, value: String)]
  var wrong: String?

  mutating func take(_ name: String) -> String? {
    guard let index = words.firstIndex(where: { $0.name == name }) else { return nil }
    return words.remove(at: index).value
  }

  mutating func record<Record>(_ start: Record, _ fields: [Field<Record>]) -> Record {
    var record = start
    for field in fields {
      if let value = take(field.name), !field.read(&record, value) { wrong = "\(field.name)=\(value)" }
    }
    return record
  }

  mutating func token() -> TokenName {
    guard let value = take("token") else { return .none }
    if let name = TokenName(value) { return name }
    wrong = "token=\(value)"
    return .none
  }

  mutating func loosen() -> UInt32 { take("loosen") == "1" ? UInt32(RCK_LOOSEN) : 0 }
}

extension Command {
  var words: (verb: String, words: [String]) {
    switch self {
    case .currency(let record): return ("currency", show(record, currencyFields[...]))
    case .group(let record): return ("group", show(record, groupFields[...]))
    case .account(let record): return ("account", show(record, accountFields[...]))
    case .strategy(let record): return ("strategy", show(record, strategyFields[...]))
    case .instrument(let record): return ("instrument", show(record, instrumentFields[...]))
    case .limitSet(let limit, let flags): return ("limit_set", show(limit, limitFields[...]) + loosen(flags))
    case .limitRemove(let limit, let flags):
      return ("limit_remove", show(limit, limitFields[...]) + loosen(flags))
    case .publish: return ("publish", [])
    case .latchSet(let latch): return ("latch_set", show(latch, latchFields[...]))
    case .latchClear(let latch): return ("latch_clear", show(latch, latchFields[...]))
    case .latchGet(let latch): return ("latch_get", show(latch, latchFields[...]))
    case .check(let order): return ("check", show(order, orderFields[...]))
    case .checkDry(let order): return ("check_dry", show(order, orderFields[...]))
    case .dropCopy(let order): return ("drop_copy", show(order, orderFields[...]))
    case .headroom(let order): return ("headroom", show(order, orderFields[...]))
    case .leg(let order): return ("leg", show(order, orderFields[...]))
    case .legs: return ("legs", [])
    case .amend(let name, let order): return ("amend", token(name) + show(order, orderFields[...]))
    case .amendResult(let name, let given): return ("amend_result", token(name) + show(given))
    case .cancel(let name, let given): return ("cancel", token(name) + show(given))
    case .release(let name, let given): return ("release", token(name) + show(given))
    case .confirm(let name, let given): return ("confirm", token(name) + show(given))
    case .fill(let name, let report): return ("fill", token(name) + show(report, reportFields[...]))
    default: return coldWords
    }
  }

  private var coldWords: (verb: String, words: [String]) {
    switch self {
    case .calendar(let record): return ("calendar", show(record, calendarFields[...]))
    case .positionSet(let record): return ("position_set", show(record, positionFields[...]))
    case .cashSet(let record): return ("cash_set", show(record, cashFields[...]))
    case .dayStart(let given): return ("day_start", show(given))
    case .quote(let record): return ("quote", show(record, quoteFields[...]))
    case .trade(let record): return ("trade", show(record, tradeFields[...]))
    case .book(let record): return ("book", show(record, bookFields[...]))
    case .volume(let given): return ("volume", show(given))
    case .mark(let given): return ("mark", show(given))
    case .metric(let given): return ("metric", show(given))
    case .positionGet(let info): return ("position_get", show(info, positionInfoFields.prefix(3)))
    case .bookGet(let info): return ("book_get", show(info, bookInfoFields.prefix(3)))
    case .watchSet(let watch): return ("watch_set", show(watch, watchFields[...]))
    case .watchGet: return ("watch_get", [])
    case .watch(let given): return ("watch", show(given))
    case .beat(let given): return ("beat", show(given))
    case .portClose: return ("port_close", [])
    case .rearm(let given): return ("rearm", show(given, rearmFields[...]))
    case .overrideSet(let given): return ("override_set", show(given, overrideFields[...]))
    case .overrideGet(let found): return ("override_get", show(found, overrideFields.prefix(1)))
    case .overrideRemove(let given): return ("override_remove", show(given, overrideFields[...]))
    case .orderGet(let name, let given): return ("order_get", token(name) + show(given))
    case .openOrders(let given): return ("open_orders", show(given))
    default: return ("limits_armed", [])
    }
  }

  private func token(_ name: TokenName) -> [String] { name == .none ? [] : ["token=\(name.text)"] }
  private func show(_ given: Arguments) -> [String] { Script.show(given, argumentFields[...]) }
  private func show<Record>(_ record: Record, _ fields: ArraySlice<Field<Record>>) -> [String] {
    Script.show(record, fields)
  }
  private func loosen(_ flags: UInt32) -> [String] { flags == 0 ? [] : ["loosen=1"] }

  static func read(_ verb: String, _ reader: inout Reader) -> Command? {
    switch verb {
    case "currency": return .currency(reader.record(sized(rck_currency(), \.struct_size), currencyFields))
    case "group": return .group(reader.record(sized(rck_group(), \.struct_size), groupFields))
    case "account": return .account(reader.record(sized(rck_account(), \.struct_size), accountFields))
    case "strategy": return .strategy(reader.record(sized(rck_strategy(), \.struct_size), strategyFields))
    case "instrument":
      return .instrument(reader.record(sized(rck_instrument(), \.struct_size), instrumentFields))
    case "limit_set":
      let flags = reader.loosen()
      return .limitSet(reader.record(sized(rck_limit(), \.struct_size), limitFields), flags: flags)
    case "limit_remove":
      let flags = reader.loosen()
      return .limitRemove(reader.record(sized(rck_limit(), \.struct_size), limitFields), flags: flags)
    case "publish": return .publish
    case "latch_set": return .latchSet(reader.record(sized(rck_latch(), \.struct_size), latchFields))
    case "latch_clear": return .latchClear(reader.record(sized(rck_latch(), \.struct_size), latchFields))
    case "latch_get": return .latchGet(reader.record(sized(rck_latch(), \.struct_size), latchFields))
    case "check": return .check(reader.record(rck_order(), orderFields))
    case "check_dry": return .checkDry(reader.record(rck_order(), orderFields))
    case "drop_copy": return .dropCopy(reader.record(rck_order(), orderFields))
    case "headroom": return .headroom(reader.record(rck_order(), orderFields))
    case "leg": return .leg(reader.record(rck_order(), orderFields))
    case "legs": return .legs
    case "amend": return .amend(reader.token(), reader.record(rck_order(), orderFields))
    case "fill": return .fill(reader.token(), reader.record(rck_report(), reportFields))
    default: return readCold(verb, &reader)
    }
  }

  private static func readCold(_ verb: String, _ reader: inout Reader) -> Command? {
    switch verb {
    case "amend_result": return .amendResult(reader.token(), reader.record(Arguments(), argumentFields))
    case "cancel": return .cancel(reader.token(), reader.record(Arguments(), argumentFields))
    case "release": return .release(reader.token(), reader.record(Arguments(), argumentFields))
    case "confirm": return .confirm(reader.token(), reader.record(Arguments(), argumentFields))
    case "calendar": return .calendar(reader.record(sized(rck_calendar(), \.struct_size), calendarFields))
    case "position_set":
      return .positionSet(reader.record(sized(rck_position(), \.struct_size), positionFields))
    case "cash_set": return .cashSet(reader.record(sized(rck_cash(), \.struct_size), cashFields))
    case "day_start": return .dayStart(reader.record(Arguments(), argumentFields))
    case "quote": return .quote(reader.record(rck_quote(), quoteFields))
    case "trade": return .trade(reader.record(rck_trade(), tradeFields))
    case "book": return .book(reader.record(rck_book(), bookFields))
    case "volume": return .volume(reader.record(Arguments(), argumentFields))
    case "mark": return .mark(reader.record(Arguments(), argumentFields))
    case "metric": return .metric(reader.record(Arguments(), argumentFields))
    case "position_get":
      return .positionGet(reader.record(sized(rck_position_info(), \.struct_size), positionInfoFields))
    case "book_get": return .bookGet(reader.record(sized(rck_book_info(), \.struct_size), bookInfoFields))
    case "watch_set":
      return .watchSet(reader.record(sized(rck_port_watch(), \.struct_size), watchFields))
    case "watch_get": return .watchGet(sized(rck_port_watch(), \.struct_size))
    case "watch": return .watch(reader.record(Arguments(), argumentFields))
    case "beat": return .beat(reader.record(Arguments(), argumentFields))
    case "port_close": return .portClose
    case "rearm": return .rearm(reader.record(sized(rck_rearming(), \.struct_size), rearmFields))
    case "override_set": return .overrideSet(override(&reader))
    case "override_get": return .overrideGet(override(&reader))
    case "override_remove": return .overrideRemove(override(&reader))
    case "order_get": return .orderGet(reader.token(), reader.record(Arguments(), argumentFields))
    case "open_orders": return .openOrders(reader.record(Arguments(), argumentFields))
    case "limits_armed": return .limitsArmed
    default: return nil
    }
  }
}

private func override(_ reader: inout Reader) -> rck_override {
  reader.record(sized(rck_override(), \.struct_size), overrideFields)
}

/// A record whose struct_size says what it is.
public func sized<Record>(_ record: Record, _ size: WritableKeyPath<Record, UInt32>) -> Record {
  var record = record
  record[keyPath: size] = UInt32(MemoryLayout<Record>.size)
  return record
}
