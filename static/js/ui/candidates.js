// Words for what was typed so far: she bao ka, shebaok, sbk → 社保卡.

const MOST = 40;

/** Words as they come, [word, reading, weight], ready to be matched. */
export function prepared(words) {
  return words.map(([word, reading, weight]) => ({
    word, weight, syllables: reading.split(" "), letters: reading.replaceAll(" ", ""),
  }));
}

/** How many syllables letters reach, each begun in order; 0 if they do not fit. */
function reached(syllables, letters, from = 0) {
  if (!letters) return from;
  const syllable = syllables[from];
  if (!syllable || syllable[0] !== letters[0]) return 0;
  let same = 1;
  while (same < syllable.length && same < letters.length && syllable[same] === letters[same]) same += 1;
  for (; same > 0; same -= 1) {
    const found = reached(syllables, letters.slice(same), from + 1);
    if (found) return found;
  }
  return 0;
}

/** The words that fit, best first: fully typed, then whole by initials, then begun. */
export function candidates(words, typed) {
  const letters = typed.toLowerCase().replaceAll("'", "");
  if (!letters) return [];
  const found = [];
  for (const entry of words) {
    const reach = reached(entry.syllables, letters);
    if (!reach) continue;
    const fit = entry.letters === letters ? 2 : reach === entry.syllables.length ? 1 : 0;
    found.push({ ...entry, fit });
  }
  found.sort((a, b) => b.fit - a.fit || b.weight - a.weight || a.word.length - b.word.length);
  return found.slice(0, MOST).map(({ word }) => word);
}
