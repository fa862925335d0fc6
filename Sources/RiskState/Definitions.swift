import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Reference data: rows of definitions, one run a kind, and one table of all names. The structs of all kinds
/// begin alike (size, id, name), so setting, reading and naming are written once, over raw records; what is
/// particular to a kind is in DefinitionRules.
///
/// Readers need no turn: rows are published, the table is lock-free, and a name found is compared with the
/// record it leads to. Writers take the administrator's turn.
extension State {
  public static let nameAt = 8

  typealias Definitions = Rows<ManyWriters>
  typealias Names = Table<ManyWriters>

  @inline(__always)
  func rows(_ kind: Int) -> Definitions {
    rows(Sections.definitions(kind), capacity(kind), spares: 1, Sections.recordBytes(kind))
  }

  @inline(__always)
  func capacity(_ kind: Int) -> Int {
    Int(truncatingIfNeeded: Sections.capacity(kind, config.pointee))
  }

  /// The node of the name table that belongs to definition `id` of a kind.
  func node(_ kind: Int, _ id: UInt32) -> Int {
    var first = 0
    var before = 1
    while before < kind {
      first &+= capacity(before)
      before &+= 1
    }
    return first &+ Int(id) &- 1
  }

  func id(ofNode node: Int, _ kind: Int) -> UInt32? {
    let first = self.node(kind, 1)
    guard node >= first, node < first &+ capacity(kind) else { return nil }
    return UInt32(truncatingIfNeeded: node &- first &+ 1)
  }

  var names: Names {
    let nodes = region.section(Sections.nameNodes)
    let buckets = region.section(Sections.nameBuckets)
    return Names(
      nodes: region.start(of: Sections.nameNodes), stride: 16, capacity: Int(truncatingIfNeeded: nodes.count),
      buckets: region.start(of: Sections.nameBuckets), bucketCount: Int(truncatingIfNeeded: buckets.count))
  }

  public var definitions: UInt64 {
    UInt64(bitPattern: region.count(Count.definitions).pointee.value.load(ordering: .relaxed))
  }

  func defined(_ kind: Int32) -> UInt32 {
    UInt32(clamping: region.count(Count.defined(Int(kind))).pointee.value.load(ordering: .relaxed))
  }

  // MARK: Reading

  /// Copies the definition of `id` to `target`, which has room for the largest record. RCK_E_UNKNOWN when
  /// there is none.
  public func definition(_ kind: Int, _ id: UInt32, into target: UnsafeMutableRawPointer) -> rck_status {
    guard id >= 1, Int(id) <= capacity(kind) else { return RCK_E_UNKNOWN }
    switch rows(kind).read(Int(id) &- 1, into: target) {
    case .record: return RCK_OK
    case .undefined: return RCK_E_UNKNOWN
    case .contended: return RCK_E_BUSY
    case .broken: return RCK_E_FAILED
    }
  }

  /// The name of `id`.
  public func name(_ kind: Int, _ id: UInt32) -> (name: Name, status: rck_status) {
    var record = RecordBuffer()
    let found = record.read(self, kind, id)
    return (found == RCK_OK ? record.name : Name.empty, found)
  }

  /// Finds the id of a name. Nil id: no such name.
  public func find(_ kind: Int, _ name: Name) -> (id: UInt32?, status: rck_status) {
    if name.isEmpty { return (nil, RCK_E_UNKNOWN) }
    switch names.find(name.key(kind)) {
    case .broken: return (nil, RCK_E_FAILED)
    case .absent: return (nil, RCK_E_UNKNOWN)
    case .found(let node):
      guard let id = id(ofNode: node, kind) else { return (nil, RCK_E_UNKNOWN) }
      var record = RecordBuffer()
      let found = record.read(self, kind, id)
      // A name that moves on between the two looks is not this one's any more.
      if found == RCK_OK && record.name != name { return (nil, RCK_E_UNKNOWN) }
      return (found == RCK_OK ? id : nil, found)
    }
  }

  // MARK: Writing, under the administrator's turn

  /// Publishes a definition that the rules of its kind have passed, and moves its name. Nil: done.
  func define(_ kind: Int, _ id: UInt32, _ record: UnsafeRawPointer, _ call: Label) -> Refusal? {
    guard let name = Name(from: record + State.nameAt) else { return Refusal(RCK_E_NAME, call, "name") }
    var old = RecordBuffer()
    let before = old.read(self, kind, id)
    if before != RCK_OK && before != RCK_E_UNKNOWN { return failure(Site.rows, call) }
    let oldName = before == RCK_OK ? old.name : Name.empty

    if name != oldName && !name.isEmpty {
      switch names.find(name.key(kind)) {
      case .broken: return failure(Site.names, call)
      case .found: return Refusal(RCK_E_NAME_TAKEN, call, "name")
      case .absent: break
      }
    }
    guard rows(kind).publish(Int(id) &- 1, from: record, spare: 0) == .published else {
      return failure(Site.rows, call)
    }
    keepParty(kind, id, record)
    if name != oldName && !rename(kind, id, from: oldName, to: name) { return failure(Site.names, call) }

    if before == RCK_E_UNKNOWN { _ = OneWriter.add(region.count(Count.defined(kind)), 1) }
    _ = OneWriter.add(region.count(Count.definitions), 1)
    let sequence = rows(kind).sequence(Int(id) &- 1)
    tell(RCK_EVENT_DEFINED, UInt64(id), Int64(kind), Int64(truncatingIfNeeded: sequence))
    return nil
  }

  private func rename(_ kind: Int, _ id: UInt32, from old: Name, to new: Name) -> Bool {
    if !old.isEmpty && names.remove(old.key(kind)) != .removed(node(kind, id)) { return false }
    if new.isEmpty { return true }
    return names.insert(new.key(kind), at: node(kind, id)) == .inserted
  }

  func failure(_ site: UInt64, _ call: Label) -> Refusal {
    region.fail(at: site)
    return Refusal(RCK_E_FAILED, call, "", value: Int64(clamping: site))
  }

  // MARK: Recovery

  /// Checks every definition by the rules it was set by, counts them, and mends what a kill between a row and its
  /// name left. Readers of other processes may be looking up names meanwhile,
  /// so names that are right stay where they are.
  func recoverDefinitions() -> Bool {
    if names.recover() == nil { names.clear() }
    var kind = 1
    while kind <= Sections.kinds {
      guard rows(kind).recover() else { return false }
      var defined: Int64 = 0
      var id: UInt32 = 1
      while Int(id) <= capacity(kind) {
        var record = RecordBuffer()
        switch record.read(self, kind, id) {
        case RCK_E_UNKNOWN: break
        case RCK_OK:
          guard record.isSound(self, kind, id) else { return false }
          record.withBytes { keepParty(kind, id, $0) }
          defined &+= 1
        default: return false
        }
        id &+= 1
      }
      region.count(Count.defined(kind)).pointee.value.store(defined, ordering: .relaxed)  // alone
      kind &+= 1
    }
    return everyName(removeWrongName) && everyName(insertMissingName)
  }

  private func everyName(_ mend: (_ kind: Int, _ id: UInt32, _ key: UInt64?) -> Bool) -> Bool {
    var kind = 1
    while kind <= Sections.kinds {
      var id: UInt32 = 1
      while Int(id) <= capacity(kind) {
        let (name, status) = name(kind, id)
        let key = status == RCK_OK && !name.isEmpty ? name.key(kind) : nil
        if !mend(kind, id, key) { return false }
        id &+= 1
      }
      kind &+= 1
    }
    return true
  }

  /// The key under which a definition can be found now.
  private func keyInUse(_ kind: Int, _ id: UInt32) -> UInt64? {
    let node = node(kind, id)
    let key = names.key(of: node)
    return names.find(key) == .found(node) ? key : nil
  }

  private func removeWrongName(_ kind: Int, _ id: UInt32, _ key: UInt64?) -> Bool {
    guard let used = keyInUse(kind, id), used != key else { return true }
    return names.remove(used) == .removed(node(kind, id))
  }

  private func insertMissingName(_ kind: Int, _ id: UInt32, _ key: UInt64?) -> Bool {
    guard let key, keyInUse(kind, id) != key else { return true }
    return names.insert(key, at: node(kind, id)) == .inserted
  }
}
