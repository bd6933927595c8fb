// Places: pinned paths and patterns, and which commits changed them. '*' stands for one key, '**' for any number of keys.

function parsePattern(text) {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === '/') return [];
  return parsePointer(trimmed.startsWith('/') ? trimmed : '/' + trimmed);
}

// In patterns '~2' is a star that stands for itself.
const literal = step => step.replace(/~2/g, '*');
const isPattern = pattern => pattern.some(step => step === '*' || step === '**');
const patternOf = tokens => pointerOf(tokens).replace(/\*/g, '~2');

/** Where in the pattern a path may stand after its tokens: the indices of steps that come next. */
function positions(pattern, tokens) {
  let open = closure(pattern, [0]);
  for (const token of tokens) {
    const next = [];
    for (const i of open) {
      if (pattern[i] === '**') next.push(i);
      if (i < pattern.length && (pattern[i] === '*' || pattern[i] === '**' || literal(pattern[i]) === token)) next.push(i + 1);
      if (i === pattern.length) next.push(i); // below a place that matches
    }
    open = closure(pattern, next);
  }
  return open;
}

function closure(pattern, indices) {
  const all = new Set(indices);
  for (const i of all) if (pattern[i] === '**') all.add(i + 1);
  return [...all];
}

/** Whether a path stands at or below a place that the pattern means. */
const isCovered = (pattern, tokens) => positions(pattern, tokens).includes(pattern.length);

const MOST_PLACES = 1_000;

/** The places that a pattern means within a value that stands at a path. */
function placesIn(pattern, tokens, value, found = []) {
  const open = positions(pattern, tokens);
  if (open.includes(pattern.length)) {
    found.push({ tokens, value });
  } else if (open.length > 0 && isContainer(value)) {
    const exact = open.every(i => pattern[i] !== '*' && pattern[i] !== '**');
    const keys = exact ? [...new Set(open.map(i => literal(pattern[i])))] : keysOf(value);
    for (const key of keys) {
      const child = childOf(value, key);
      if (found.length < MOST_PLACES && !isMissing(child)) placesIn(pattern, [...tokens, key], child, found);
    }
  }
  return found;
}

/** A value as a history shows it: leaves whole, containers as one line, because cursors go on to change them. */
const brief = value => (isOwn(value) ? { brief: preview(value, 300), type: typeOf(value) } : value);

/** All changes of the places that a pattern means, oldest first: index of the commit, path, before and after. */
function placeHistory(recording, pattern) {
  const cursor = new Cursor(recording);
  cursor.go(0);
  const found = [];
  const single = isPattern(pattern) ? null : pattern.map(literal);
  for (let i = 1; i <= recording.last; i++) {
    const changes = recording.steps[i].changes;
    const near = changes.filter(change => isNear(pattern, single, change));
    if (near.length === 0) continue;
    const then = single && brief(valueAt(cursor.root, single));
    const exact = single && near.every(change => tokensOf(change).length <= single.length);
    const whole = exact && keep(valueAt(cursor.root, single));
    cursor.go(i);
    if (single) {
      const now = valueAt(cursor.root, single);
      if (!exact || !same(whole, now)) found.push({ i, tokens: single, before: then, after: brief(now) });
    } else {
      for (const change of near) found.push(...changedPlaces(pattern, change).map(place => ({ i, ...place })));
    }
  }
  return found;
}

function isNear(pattern, single, change) {
  const tokens = tokensOf(change);
  if (single) {
    const common = Math.min(tokens.length, single.length);
    const depth = inList(change) && sign(change) !== '~' && tokens.length <= single.length ? common - 1 : common;
    // An element that comes or goes moves those after it.
    for (let k = 0; k < depth; k++) if (tokens[k] !== single[k]) return false;
    return depth === common || Number(tokens[depth]) <= Number(single[depth]);
  }
  return positions(pattern, tokens).length > 0;
}

function changedPlaces(pattern, change) {
  const tokens = tokensOf(change);
  if (isCovered(pattern, tokens)) return [{ tokens, before: before(change), after: after(change) }];
  const places = new Map();
  for (const { tokens: path, value } of placesIn(pattern, tokens, before(change))) {
    places.set(pointerOf(path), { tokens: path, before: value, after: undefined });
  }
  for (const { tokens: path, value } of placesIn(pattern, tokens, after(change))) {
    const key = pointerOf(path);
    places.set(key, { tokens: path, before: places.get(key)?.before, after: value });
  }
  return [...places.values()].filter(place => !same(place.before, place.after));
}
