/// A rule that the oracle gets wrong on purpose. The comparison must notice each of them, or it would not notice
/// a library that gets the same rule wrong.
public enum Plant: String, CaseIterable, Sendable {
  /// An order is judged as if one more were live.
  case countsOneMore = "counts-one-more"
  /// A collar refuses at its edge.
  case collarAtEdge = "collar-at-edge"
  /// A strictly reducing order is held against exposure limits.
  case reducingIsHeld = "reducing-is-held"
  /// An attempt that a rate refused counts in the others.
  case refusedCounts = "refused-counts"
  /// A request to cancel is not counted.
  case cancelIsFree = "cancel-is-free"
  /// An amend in flight holds the new terms alone.
  case amendHoldsNew = "amend-holds-new"
  /// A rejected amend leaves the new terms.
  case rejectionAccepts = "rejection-accepts"
  /// What was released stays in the orders' value.
  case releaseLeaves = "release-leaves"
  /// A report that is late is not told as such.
  case lateIsSilent = "late-is-silent"
  /// A bust can be repeated.
  case bustRepeats = "bust-repeats"
  /// A part that closes is rounded away from zero.
  case closesUp = "closes-up"
  /// A mark dates books without a position too.
  case markDatesFlat = "mark-dates-flat"
  /// A higher latch names a new cause.
  case causeChanges = "cause-changes"
  /// A port is silent as soon as its time is up.
  case silentAtEdge = "silent-at-edge"
  /// A refusal does not say that the cause is a disconnect.
  case disconnectIsHalt = "disconnect-is-halt"
  /// A day takes orders that are good till cancelled.
  case dayTakesAll = "day-takes-all"
  /// A dry run moves the port's time.
  case dryMovesTime = "dry-moves-time"
  /// A drop copy that a rate would have refused is not counted.
  case copyCountsLess = "copy-counts-less"
  /// A drop copy off the tick is refused.
  case copyNeedsTick = "copy-needs-tick"
  /// There is a place for one order more.
  case onePlaceMore = "one-place-more"
  /// The last record of a batch is answered, and then forgotten.
  case batchLosesLast = "batch-loses-last"
  /// Quantities of groups of instruments are rounded down.
  case unitsRoundDown = "units-round-down"
  /// An override can be used at the time at which it expires.
  case usableAtExpiry = "usable-at-expiry"
  /// An override is used once for each limit that it waives.
  case eachLimitUses = "each-limit-uses"
  /// The first leg of a batch that is refused stays.
  case legStays = "leg-stays"
  /// An order as old as the window is a duplicate's twin.
  case duplicateAtEdge = "duplicate-at-edge"
  /// A reducing order accumulates nothing.
  case reducingIsFree = "reducing-is-free"
  /// An action is carried out for each order.
  case eachOrderEscalates = "each-order-escalates"
  /// A sell slips as a buy does.
  case slippageOfBuys = "slippage-of-buys"
  /// The price that was in force when a window began does not count.
  case periodBegins = "period-begins"
  /// The volume of the day before goes on.
  case volumeOfYesterday = "volume-of-yesterday"
  /// A size at its minimum is too low.
  case minimumAtEdge = "minimum-at-edge"
  /// A sell that leaves the account short by what is located is refused.
  case locateAtEdge = "locate-at-edge"
  /// An entry of a calendar begins behind its start.
  case sessionBeginsLate = "session-begins-late"
  /// A sell that reduces passes a restriction.
  case restrictionSparesReducing = "restriction-spares-reducing"
  /// A loss that is equal to its level is refused.
  case lossAtEdge = "loss-at-edge"
  /// A day begins with the peak of the day before.
  case peakOutlivesDay = "peak-outlives-day"
  /// Messages to trades leave out the one that is judged.
  case thisOneIsFree = "this-one-is-free"
  /// A fill leaves the rejected orders counted.
  case fillKeepsRejects = "fill-keeps-rejects"
  /// An order that was filled as long ago as the window is counts for its pattern.
  case patternAtEdge = "pattern-at-edge"
  /// Every fill counts for its pattern.
  case everyFillCounts = "every-fill-counts"
  /// Who is armed again is counted what was filled before.
  case rearmedRemembers = "rearmed-remembers"
  /// An exposure in a group of instruments that is equal to a level exceeds it.
  case sectorAtEdge = "sector-at-edge"
  /// Orders that reduce are held against exposure in groups of instruments.
  case sectorHoldsReducing = "sector-holds-reducing"
  /// A metric is too old when it is as old as it may be.
  case metricOldAtEdge = "metric-old-at-edge"
  /// A metric above its level is equal to it.
  case metricNeverUnequal = "metric-never-unequal"
  /// A function of the host's is asked whatever else refuses.
  case customsAlwaysAsked = "customs-always-asked"
  /// A publication forgets what the windows have counted.
  case publicationResets = "publication-resets"
}
