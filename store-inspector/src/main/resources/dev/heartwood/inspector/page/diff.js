// Differences: between any two states, as rows for people, and as JSON Patch.

const MOST_PAIRS = 4_000_000;

/** What leads from one tree to another, in the order in which it applies. */
function difference(from, to) {
  const changes = [];
  differ([], from, to, changes);
  return changes;
}

function differ(path, from, to, changes) {
  if (isList(from)) differLists(path, from, to, changes);
  else differMaps(path, from, to, changes);
}

function differMaps(path, from, to, changes) {
  const keys = [...new Set([...keysOf(from), ...keysOf(to)])].sort();
  for (const key of keys) differAt([...path, key], childOf(from, key), childOf(to, key), '', changes);
}

function differAt(tokens, a, b, list, changes) {
  if (a === b) return;
  if (isMissing(a)) changes.push(['+' + list, pointerOf(tokens), keep(b)]);
  else if (isMissing(b)) changes.push(['-' + list, pointerOf(tokens), keep(a)]);
  else if (isContainer(a) && isContainer(b) && isList(a) === isList(b)) differ(tokens, a, b, changes);
  else changes.push(['~' + list, pointerOf(tokens), keep(a), keep(b)]);
}

/** A value that later moves of its cursor do not change. */
function keep(value) {
  if (!isOwn(value)) return value;
  if (isList(value)) return Array.from(value, keep);
  const copy = Object.create(null);
  for (const [key, child] of value) Object.defineProperty(copy, key, { value: keep(child), enumerable: true });
  return copy;
}

function differLists(path, from, to, changes) {
  let start = 0;
  while (start < from.length && start < to.length && same(from[start], to[start])) start++;
  let fromEnd = from.length;
  let toEnd = to.length;
  while (fromEnd > start && toEnd > start && same(from[fromEnd - 1], to[toEnd - 1])) { fromEnd--; toEnd--; }
  let at = start;
  for (const [removed, added, kept] of gaps(from.slice(start, fromEnd), to.slice(start, toEnd))) {
    const pairs = Math.min(removed.length, added.length);
    for (let i = 0; i < pairs; i++) differAt([...path, String(at++)], removed[i], added[i], 'l', changes);
    for (let i = pairs; i < removed.length; i++) changes.push(['-l', pointerOf([...path, String(at)]), keep(removed[i])]);
    for (let i = pairs; i < added.length; i++) changes.push(['+l', pointerOf([...path, String(at++)]), keep(added[i])]);
    at += kept;
  }
}

/** What was removed, what was added, and how many elements stay after that: by longest common subsequence. */
function gaps(from, to) {
  if (from.length * to.length > MOST_PAIRS) return [[from, to, 0]];
  const ids = new Map();
  const number = element => {
    const text = JSON.stringify(isOwn(element) ? sorted(element) : element);
    if (!ids.has(text)) ids.set(text, ids.size);
    return ids.get(text);
  };
  const a = Array.from(from, number);
  const b = Array.from(to, number);
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = a[i] === b[j]
        ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const found = [];
  let gap = [[], [], 0];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      gap[2]++; i++; j++;
      continue;
    }
    if (gap[2] > 0) { found.push(gap); gap = [[], [], 0]; }
    if (j === b.length || (i < a.length && longest[(i + 1) * width + j] >= longest[i * width + j + 1])) gap[0].push(from[i++]);
    else gap[1].push(to[j++]);
  }
  found.push(gap);
  return found;
}

/** A container in a form of which equal ones give equal text. */
function sorted(value) {
  if (!isContainer(value)) return value;
  if (isList(value)) return Array.from(value, sorted);
  return { m: keysOf(value).map(key => [key, sorted(childOf(value, key))]) };
}

/** The same changes as RFC 6902 operations. Throws NotJson, with the place, where a value has no exact JSON. */
function jsonPatch(changes) {
  const operations = changes.map(change => {
    const path = JSON.stringify(change[1]);
    try {
      if (sign(change) === '-') return `{"op": "remove", "path": ${path}}`;
      const op = sign(change) === '+' ? 'add' : 'replace';
      return `{"op": "${op}", "path": ${path}, "value": ${toJson(after(change), '  ')}}`;
    } catch (problem) {
      throw problem instanceof NotJson ? new NotJson(`${change[1]}: ${problem.message}`) : problem;
    }
  });
  return operations.length === 0 ? '[]\n' : `[\n  ${operations.join(',\n  ')}\n]\n`;
}

const MOST_FOLLOWED = 3_000;

/**
 * Changes for people: one entry each, with the place where it stands after all changes (or, removed, before them), and an
 * element that was taken out of a list and put back elsewhere as one move.
 */
function describe(changes) {
  const shifts = changes.map((change, i) => ({ change, i })).filter(({ change }) => inList(change) && sign(change) !== '~');
  const follow = shifts.length * changes.length <= MOST_FOLLOWED * MOST_FOLLOWED;
  const entries = changes.map((change, i) => {
    const tokens = tokensOf(change);
    const now = follow && sign(change) !== '-' ? shifted(tokens, shifts.filter(s => s.i > i), true) : tokens;
    const then = follow && sign(change) !== '+' ? shifted(tokens, shifts.filter(s => s.i < i).reverse(), false) : tokens;
    const parent = tokens.slice(0, -1);
    const home = sign(change) !== '-' ? now.slice(0, -1) : follow ? shifted(parent, shifts.filter(s => s.i > i), true) : parent;
    return { sign: sign(change), home, then, now, before: before(change), after: after(change), list: inList(change) };
  });
  return joinMoves(entries);
}

/** Where a path stands after list elements before it have come and gone; or, backwards, where it stood. */
function shifted(tokens, shifts, forwards) {
  let path = tokens;
  for (const { change } of shifts) {
    const other = tokensOf(change);
    const depth = other.length - 1;
    if (depth >= path.length || !other.every((token, i) => i === depth || token === path[i])) continue;
    const index = Number(path[depth]);
    const place = Number(other[depth]);
    const inserts = (sign(change) === '+') === forwards;
    if (inserts ? place > index : place >= index) continue;
    path = path.with(depth, String(index + (inserts ? 1 : -1)));
  }
  return path;
}

function joinMoves(entries) {
  const removed = new Map();
  const keyOf = (tokens, value) => pointerOf(tokens.slice(0, -1)) + '\n' + JSON.stringify(value).slice(0, 10_000);
  for (const entry of entries) {
    if (!entry.list || entry.sign !== '-' || !isContainer(entry.before) && entry.before === null) continue;
    const key = keyOf(entry.then, entry.before);
    if (!removed.has(key)) removed.set(key, []);
    removed.get(key).push(entry);
  }
  const gone = new Set();
  for (const entry of entries) {
    if (!entry.list || entry.sign !== '+') continue;
    const match = removed.get(keyOf(entry.now, entry.after))?.find(other => !gone.has(other) && same(other.before, entry.after));
    if (!match) continue;
    gone.add(match);
    Object.assign(entry, { sign: '>', then: match.then, before: match.before });
  }
  return entries.filter(entry => !gone.has(entry));
}
