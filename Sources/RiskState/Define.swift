import CRiskCheck
import RiskModel

/// A public struct that defines something: what the kinds have in common.
public protocol Definition {
  static var definitionKind: Int32 { get }
  static var definitionName: Label { get }
  var struct_size: UInt32 { get set }
  var id: UInt32 { get }
  func fault(in state: State) -> Refusal?
  /// Adds to its record what checks need of it.
  func compile(in state: State, _ record: UnsafeMutableRawPointer)
  /// What its groups and the engine make of it, before anybody can find it. False: the memory is damaged.
  func join(in state: State) -> Bool
  /// Whether a book has to be counted by other places than before.
  func recounts(in state: State) -> Bool
  /// What must be compiled anew once it is published. False: the memory is damaged.
  func follow(in state: State) -> Bool
}

extension Definition {
  public func compile(in state: State, _ record: UnsafeMutableRawPointer) {}
  public func follow(in state: State) -> Bool { true }
  public func join(in state: State) -> Bool { true }
  public func recounts(in state: State) -> Bool { false }
}

extension rck_currency: Definition {
  public static var definitionKind: Int32 { RCK_KIND_CURRENCY }
  public static var definitionName: Label { "rck_currency" }
  public func fault(in state: State) -> Refusal? { state.fault(of: self) }
  public func follow(in state: State) -> Bool { state.compileInstruments(in: id) }
}

extension rck_group: Definition {
  public static var definitionKind: Int32 { RCK_KIND_GROUP }
  public static var definitionName: Label { "rck_group" }
  public func fault(in state: State) -> Refusal? { state.fault(of: self) }
}

extension rck_account: Definition {
  public static var definitionKind: Int32 { RCK_KIND_ACCOUNT }
  public static var definitionName: Label { "rck_account" }
  public func fault(in state: State) -> Refusal? { state.fault(of: self) }
  public func join(in state: State) -> Bool { state.join(RCK_KIND_ACCOUNT, id, Groups(ids: groups)) }
  public func recounts(in state: State) -> Bool { state.recounts(RCK_KIND_ACCOUNT, id, Groups(ids: groups)) }
}

extension rck_strategy: Definition {
  public static var definitionKind: Int32 { RCK_KIND_STRATEGY }
  public static var definitionName: Label { "rck_strategy" }
  public func fault(in state: State) -> Refusal? { state.fault(of: self) }
  public func join(in state: State) -> Bool { state.join(RCK_KIND_STRATEGY, id, Groups(ids: groups)) }
  public func recounts(in state: State) -> Bool { state.recounts(RCK_KIND_STRATEGY, id, Groups(ids: groups)) }
}

extension rck_instrument: Definition {
  public static var definitionKind: Int32 { RCK_KIND_INSTRUMENT }
  public static var definitionName: Label { "rck_instrument" }
  public func fault(in state: State) -> Refusal? { state.fault(of: self) }
  public func join(in state: State) -> Bool {
    (!state.keepsTotals || state.group(self)) && state.join(RCK_KIND_INSTRUMENT, id, Groups(ids: groups))
  }
  public func compile(in state: State, _ record: UnsafeMutableRawPointer) {
    record.storeBytes(of: state.instrument(self), toByteOffset: Instrument.at, as: Instrument.self)
  }
}

extension rck_calendar: Definition {
  public static var definitionKind: Int32 { RCK_KIND_CALENDAR }
  public static var definitionName: Label { "rck_calendar" }
  public func fault(in state: State) -> Refusal? { state.fault(of: self) }
}

extension State {
  /// Checks and publishes a definition, whose struct_size is right. Under the administrator's turn. Nil: done.
  public func set<Kind: Definition>(_ definition: Kind) -> Refusal? {
    if let refusal = idFault(of: definition) ?? definition.fault(in: self) { return refusal }
    let name = withUnsafeBytes(of: definition) { Name(from: $0.baseAddress.unsafelyUnwrapped + State.nameAt) }
    guard let name else { return Refusal(RCK_E_NAME, Kind.definitionName, "name") }
    if !definition.join(in: self) { return failure(Site.books, Kind.definitionName) }
    var buffer = RecordBuffer(definition, name)
    let refusal = buffer.withBytes {
      definition.compile(in: self, $0)
      return define(Int(Kind.definitionKind), definition.id, $0, Kind.definitionName)
    }
    if refusal != nil { return refusal }
    return definition.follow(in: self) ? nil : failure(Site.rows, Kind.definitionName)
  }

  private func idFault<Kind: Definition>(of definition: Kind) -> Refusal? {
    let most = Int64(capacity(Int(Kind.definitionKind)))
    if definition.id < 1 || Int64(definition.id) > most {
      return Refusal(
        RCK_E_RANGE, Kind.definitionName, "id", value: Int64(definition.id), minimum: 1, maximum: most)
    }
    return nil
  }

  /// Copies the definition of `id`.
  public func get<Kind: Definition>(_ id: UInt32, into target: UnsafeMutablePointer<Kind>) -> rck_status {
    var buffer = RecordBuffer()
    let status = buffer.read(self, Int(Kind.definitionKind), id)
    if status == RCK_OK { target.pointee = buffer.load(as: Kind.self) }
    return status
  }
}

extension RecordBuffer {
  /// Whether a record found in a re-opened region could have been set there.
  mutating func isSound(_ state: State, _ kind: Int, _ id: UInt32) -> Bool {
    switch kind {
    case Int(RCK_KIND_CURRENCY): return sound(load(as: rck_currency.self), state, id)
    case Int(RCK_KIND_GROUP): return sound(load(as: rck_group.self), state, id)
    case Int(RCK_KIND_ACCOUNT): return sound(load(as: rck_account.self), state, id)
    case Int(RCK_KIND_STRATEGY): return sound(load(as: rck_strategy.self), state, id)
    case Int(RCK_KIND_CALENDAR): return sound(load(as: rck_calendar.self), state, id)
    default: return sound(load(as: rck_instrument.self), state, id)
    }
  }

  private mutating func sound<Kind: Definition>(_ definition: Kind, _ state: State, _ id: UInt32) -> Bool {
    let named = withBytes { Name(from: $0 + State.nameAt) } != nil
    return named && definition.struct_size == UInt32(MemoryLayout<Kind>.size) && definition.id == id
      && definition.fault(in: state) == nil
  }
}
