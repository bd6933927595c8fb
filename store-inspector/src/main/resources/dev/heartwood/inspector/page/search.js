// Search in keys and values: in one state, and through all commits.

const MOST_FOUND = 1_000;
const MOST_VISITED = 2_000_000;

const matcher = query => {
  const wanted = query.toLowerCase();
  return text => text.toLowerCase().includes(wanted);
};

/** Calls back for each key and leaf in a value that matches, until the callback has had enough. */
function visitMatches(value, tokens, matches, visit) {
  const open = [[value, tokens]];
  let visited = 0;
  while (open.length > 0) {
    const [node, path] = open.pop();
    if (++visited > MOST_VISITED) return false;
    if (!isContainer(node)) {
      if (matches(leafText(node)) && visit(path, node, 'value') === false) return false;
      continue;
    }
    const keys = keysOf(node);
    for (let i = keys.length - 1; i >= 0; i--) open.push([childOf(node, keys[i]), [...path, keys[i]]]);
    if (isList(node)) continue;
    for (const key of keys) {
      if (matches(key) && visit([...path, key], childOf(node, key), 'key') === false) return false;
    }
  }
  return true;
}

/** Where a text stands in one state. */
function searchState(root, query) {
  const found = [];
  const seen = new Set();
  const whole = visitMatches(root, [], matcher(query), (tokens, value, what) => {
    const path = pointerOf(tokens);
    if (!seen.has(path)) found.push({ tokens, value: brief(value), what });
    seen.add(path);
    return found.length < MOST_FOUND;
  });
  return { found, whole };
}

/** Where and when a text came and went, oldest first. */
function searchTime(recording, query) {
  const matches = matcher(query);
  const found = [];
  let whole = true;
  const look = (i, tokens, value, comes, named) => {
    if (isMissing(value)) return;
    const add = (path, match) => {
      found.push({ i, tokens: path, value: brief(match), comes });
      return found.length < MOST_FOUND;
    };
    if (named && matches(tokens[tokens.length - 1])) add(tokens, value);
    else whole = visitMatches(value, tokens, matches, add) && whole;
  };
  look(0, [], new Cursor(recording).go(0), true, false);
  for (let i = 1; i <= recording.last && found.length < MOST_FOUND; i++) {
    for (const change of recording.steps[i].changes) {
      const named = sign(change) !== '~' && !inList(change); // a key that stays is no news
      look(i, tokensOf(change), before(change), false, named);
      look(i, tokensOf(change), after(change), true, named);
    }
  }
  return { found, whole: whole && found.length < MOST_FOUND };
}
