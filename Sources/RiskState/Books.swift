import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// Book rows: the sums of each account and each strategy. The accounts come first. A row's word lies with its scope,
/// where a check has found what it needs of the party, and where no other's word is.
public struct Books<D: Discipline> {
  public let rows: Rows<D>
  let state: State
  let accounts: Int

  @inline(__always)
  public init(_ state: State) {
    self.state = state
    accounts = Int(truncatingIfNeeded: state.config.pointee.accounts_max)
    let strategies = Int(truncatingIfNeeded: state.config.pointee.strategies_max)
    let (records, total) = state.region.place(of: Sections.bookRecords)
    // The scopes of the strategies follow those of the accounts without a gap.
    rows = Rows(
      words: state.region.start(of: Sections.accountState) + Scope.bookAt,
      stride: Int(Sections.scopeBytes), spares: state.region.start(of: Sections.bookSpares),
      records: records, rows: accounts &+ strategies, spares: state.writers,
      recordBytes: Sections.bookBytes, total: total)
  }

  /// The row of an account or a strategy that is defined.
  @inline(__always)
  public func row(_ id: UInt32, strategy: Bool) -> Int { (strategy ? accounts : 0) &+ Int(id) &- 1 }

  /// The book as it is, and its word. Nil: the memory is damaged.
  @inline(__always)
  public func read(_ row: Int, _ book: inout Book) -> UInt64? {
    guard UInt(bitPattern: row) < UInt(bitPattern: rows.rows) else { return nil }
    while true {
      let word = rows.observe(row)
      if word == 0 {
        book = Book()
        return 0
      }
      guard let record = rows.record(word) else { return nil }
      record.loadWords(&book)
      if rows.holds(row, word) { return word }
      // Overtaken: each time somebody's change is done.
    }
  }

  @inline(__always)
  public func swap(_ row: Int, _ word: UInt64, to book: Book, spare: Int) -> Bool {
    guard let draft = rows.draft(spare) else { return false }
    draft.record.storeWords(book)
    return rows.swap(row, word, by: draft, spare: spare) != 0
  }

  /// Likewise, filled in place: `fill` stores every field.
  @inline(__always)
  public func swap(
    _ row: Int, _ word: UInt64, spare: Int, _ fill: (UnsafeMutablePointer<Book>) -> Void
  ) -> Bool {
    guard let draft = rows.draft(spare) else { return false }
    draft.record.compose(Book(), fill)
    return rows.swap(row, word, by: draft, spare: spare) != 0
  }

  /// Applies a change that cannot be refused, and moves the totals that the book is counted in. What is taken back was
  /// taken under a generation. False: the memory is damaged.
  @inline(__always)
  public func move(
    _ row: Int, spare: Int, since generation: UInt64? = nil, _ change: (inout Book) -> Void
  ) -> Bool {
    while true {
      var book = Book()
      guard let word = read(row, &book), rows.draft(spare) != nil else { return false }
      let old = book
      change(&book)
      // Otherwise others have moved it on: each time one of them is done.
      if swap(row, word, to: book, spare: spare) {
        if !old.coverage.isEmpty {
          Totals<D>(state, writer: spare).follow(from: old, to: book, since: generation)
        }
        return true
      }
    }
  }
}
