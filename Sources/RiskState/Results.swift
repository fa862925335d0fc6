import CRiskCheck
import RiskMemory
import RiskModel
import Synchronization

/// The day's P&L of an account or a strategy: what its book showed when the day began, and the highest total that it
/// has shown since. Two lines for each book, the second of which is Conduct's:
///
///   0    peak: the highest total of the book this day
///   8    start: {the sequence of the book's record that the day began with, which base counts 1}
///   16   base 0: realised less fees, and marked, of that record; 32 base 1
///
/// Peak and start change as one. Zero is a day that began with a book of nothing. Whoever has swapped a book to a
/// record with a higher total raises the peak, from that record, unless it is older than the start: so no peak is of
/// the day before. A day begins by filling the base that does not count, and then naming it, and the book's record,
/// and that record's total as the peak; if the book has another record after that, it begins once more. So a record
/// that was swapped in before the day began is the one that it began with, or an older one, and one that is swapped in
/// later is raised after the start was named: at rest no total of the day is above its peak.
///
/// Between a swap and the raise the peak may be below the total; who reads takes the larger one. A kill there loses a
/// total that was the highest and is not that of the book that is recovered.
public struct Results<D: Discipline> {
  let books: Books<D>
  let row: Int
  let memory: UnsafeMutableRawPointer

  /// Of a book row that there is.
  @inline(__always)
  init(_ books: Books<D>, _ row: Int) {
    self.books = books
    self.row = row
    memory = books.state.region.start(of: Sections.results) + row &* Int(Sections.resultsBytes)
  }

  private static var startAt: Int { 8 }
  private static var basesAt: Int { 16 }

  private var start: UInt64 {
    // Sequentially consistent: after the swap of the book that its reader has made.
    memory.word(Self.startAt).pointee.bits.load(ordering: .sequentiallyConsistent)
  }

  private var peak: Int64 { memory.loadInteger(0) }

  /// The realised P&L less fees, and the marked P&L, that a start's day began with.
  private func base(_ start: UInt64) -> WordPointer {
    memory.word(Self.basesAt &+ Int(truncatingIfNeeded: start & 1) &* 16)
  }

  /// Whether a record of the book is the one that the day began with, or a later one. Sequences begin anew after 2^40
  /// records: a day of half as many is not foreseen.
  private func isOfDay(_ sequence: UInt64, _ start: UInt64) -> Bool {
    let first = start &>> 1
    return first == 0 || (sequence &- first) & (1 << 40 - 1) < 1 << 39
  }

  /// The book's record of this sequence has this total. Under either discipline by the same code: it is seldom.
  @inline(never)
  func raise(to total: Int64, by sequence: UInt64) {
    while true {
      let start = start
      let peak = peak  // of that day or a later one, of which this may be a record or not
      if !isOfDay(sequence, start) || total <= peak || replace(peak, start, by: total, start) { return }
      // Others have raised it, or begun a day: each time one of them is done.
    }
  }

  private func replace(_ peak: Int64, _ start: UInt64, by total: Int64, _ next: UInt64) -> Bool {
    ManyWriters.replace(
      memory.pair(0),
      WordPair(first: UInt(bitPattern: Int(peak)), second: UInt(truncatingIfNeeded: start)),
      by: WordPair(first: UInt(bitPattern: Int(total)), second: UInt(truncatingIfNeeded: next)))
  }

  /// The day begins with the book as it is. One call at a time. False: the memory is damaged.
  func begin() -> Bool {
    while true {
      let (start, peak) = (start, peak)
      var book = Book()
      guard let word = books.read(row, &book) else { return false }
      // Of a book that was never used, nothing is written: its pages stay untouched.
      if word | start == 0 { return true }
      let next = books.rows.sequence(of: word) &<< 1 | (start & 1 ^ 1)
      let base = base(next)
      base[0].bits.store(UInt64(bitPattern: book.earned), ordering: .releasing)
      base[1].bits.store(UInt64(bitPattern: book.marked), ordering: .releasing)
      // The look at the book comes after: the replacement is a locked instruction.
      if replace(peak, start, by: book.total, next) && books.rows.holds(row, word) { return true }
    }
  }

  /// What the day has come to, and the book that says so. Nil: the memory is damaged.
  public func look(_ book: inout Book) -> DayResults? {
    while true {
      let start = start
      let base = base(start)
      // Acquire: before the second look at the start.
      let earned = Int64(bitPattern: base[0].bits.load(ordering: .acquiring))
      let marked = Int64(bitPattern: base[1].bits.load(ordering: .acquiring))
      guard books.read(row, &book) != nil else { return nil }
      let peak = max(peak, book.total)
      if self.start != start { continue }  // another day has begun
      let first = earned &+ marked
      return DayResults(
        realised: book.earned &- earned, total: book.total &- first, peak: peak &- first)
    }
  }

  /// After the books were computed anew. False: what is there contradicts itself.
  func recover() -> Bool {
    var book = Book()
    guard let word = books.read(row, &book) else { return false }
    let (start, base) = (start, base(start))
    let (earned, marked) = (
      Int64(bitPattern: base[0].bits.load(ordering: .relaxed)),  // alone, as what follows
      Int64(bitPattern: base[1].bits.load(ordering: .relaxed))
    )
    let sequence = books.rows.sequence(of: word)
    let isPossible =
      start &>> 41 == 0 && isOfDay(sequence, start) && isAmount(earned) && isAmount(marked) && isAmount(peak)
      && peak >= earned &+ marked
    if isPossible { raise(to: book.total, by: sequence) }
    return isPossible
  }

  /// No sum of P&L of what a book holds is larger.
  private func isAmount(_ amount: Int64) -> Bool { amount > 0 &- 1 << 62 && amount < 1 << 62 }
}

/// P&L since the day began; of the peak the highest total.
public struct DayResults {
  public let realised: Int64
  public let total: Int64
  public let peak: Int64
}

extension Book {
  /// Realised P&L less fees.
  @inline(__always) var earned: Int64 { realised &- fees }
  @inline(__always) var total: Int64 { realised &- fees &+ marked }
}

extension Books {
  /// Results of a row; nil if there is no such row.
  public func results(_ row: Int) -> Results<D>? {
    UInt(bitPattern: row) < UInt(bitPattern: rows.rows) ? Results(self, row) : nil
  }

  /// Applies a change that may move results, as `move` does; the day's peak follows. False: the memory is damaged.
  @inline(__always)
  func post(_ row: Int, spare: Int, _ change: (inout Book) -> Void) -> Bool {
    while true {
      var book = Book()
      guard let word = read(row, &book), let draft = rows.draft(spare) else { return false }
      let old = book
      change(&book)
      draft.record.storeWords(book)
      let sequence = rows.swap(row, word, by: draft, spare: spare)
      if sequence != 0 {
        if !old.coverage.isEmpty { Totals<D>(state, writer: spare).follow(from: old, to: book, since: nil) }
        if book.total > old.total { Results(self, row).raise(to: book.total, by: sequence) }
        return true
      }
    }
  }

  /// The day begins for every book. One call at a time. False: the memory is damaged.
  public func beginDay() -> Bool {
    eachResult {
      if !$0.begin() { return false }
      Conduct(state, row: $0.row).beginDay()
      return true
    }
  }

  func recoverResults() -> Bool {
    eachResult {
      Conduct(state, row: $0.row).recover()
      return $0.recover()
    }
  }

  private func eachResult(_ visit: (Results<D>) -> Bool) -> Bool {
    var row = 0
    while row < rows.rows {
      if !visit(Results(self, row)) { return false }
      row &+= 1
    }
    return true
  }
}
