// Quiet hours, in minutes since midnight: over midnight where they begin later than they end.

export function isQuiet({ quiet_from: from, quiet_until: until }, minute) {
  if (from === null || until === null) return false;
  return from < until ? from <= minute && minute < until : minute >= from || minute < until;
}
