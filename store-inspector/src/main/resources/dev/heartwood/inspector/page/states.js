// States: one tree is in the recording, each commit carries its changes with old and new, and a cursor applies them both ways.
// A change is an array: sign, pointer, value; of a replacement: '~', pointer, before, after. A sign with an l is in a list.

const sign = change => change[0][0];
const inList = change => change[0][1] === 'l';
const before = change => (sign(change) === '+' ? undefined : change[2]);
const after = change => (sign(change) === '+' ? change[2] : sign(change) === '~' ? change[3] : undefined);

const tokensByChange = new WeakMap();

function tokensOf(change) {
  let tokens = tokensByChange.get(change);
  if (!tokens) tokensByChange.set(change, (tokens = parsePointer(change[1])));
  return tokens;
}

function parsePointer(pointer) {
  if (pointer === '') return [];
  return pointer.slice(1).split('/').map(token => token.replace(/~1/g, '/').replace(/~0/g, '~'));
}

const pointerOf = tokens => tokens.map(token => '/' + token.replace(/~/g, '~0').replace(/\//g, '~1')).join('');

function ownCopy(container) {
  if (isOwn(container)) return container;
  return isList(container) ? OwnList.from(container) : new Map(Object.entries(container));
}

/** A state of the tree that can be moved to any version. */
class Cursor {
  constructor(recording) {
    this.recording = recording;
    this.at = recording.headAt;
    this.root = ownCopy(recording.head);
  }

  go(to) {
    const steps = this.recording.steps;
    while (this.at < to) {
      for (const change of steps[++this.at].changes) this.apply(change, after(change));
    }
    while (this.at > to) {
      const changes = steps[this.at--].changes;
      for (let i = changes.length - 1; i >= 0; i--) this.apply(changes[i], before(changes[i]));
    }
    return this.root;
  }

  apply(change, value) {
    const tokens = tokensOf(change);
    let node = this.root;
    for (let i = 0; i < tokens.length - 1; i++) {
      const child = ownCopy(childOf(node, tokens[i]));
      this.put(node, tokens[i], child);
      node = child;
    }
    const key = tokens[tokens.length - 1];
    const adds = sign(change) !== '~' && !isMissing(value);
    if (!isList(node)) {
      if (isMissing(value)) node.delete(key);
      else node.set(key, value);
    } else if (isMissing(value)) {
      node.splice(Number(key), 1);
    } else {
      node.splice(Number(key), adds ? 0 : 1, value);
    }
  }

  put(node, key, child) {
    if (isList(node)) node[Number(key)] = child;
    else node.set(key, child);
  }
}

/** A recording: the steps, of which the first is the oldest state and the others are commits, and the newest tree. */
class Recording {
  constructor(data) {
    this.data = data;
    link(data.nodes, data.nodes);
    link(data.head, data.nodes);
    this.head = data.head;
    this.steps = [];
    this.byVersion = new Map();
    this.authors = new Map();
    for (const step of data.steps) this.add(step, data.nodes);
    this.headAt = this.last;
  }

  get last() { return this.steps.length - 1; }

  add(step, nodes) {
    link(step.changes, nodes);
    const author = step.author ?? '';
    // Numbers for colours, in order of appearance; -1 for no author. The first step only says where the recording begins.
    if (this.steps.length > 0 && !this.authors.has(author)) {
      this.authors.set(author, author === '' ? -1 : this.authors.size - (this.authors.has('') ? 1 : 0));
    }
    this.byVersion.set(step.version, this.steps.length);
    this.steps.push(step);
  }

  /** The index of a version, or of the last one before it that is recorded. */
  find(version) {
    const exact = this.byVersion.get(version);
    if (exact !== undefined || !/^\d{1,19}$/.test(version)) return exact;
    const wanted = BigInt(version);
    let low = 0;
    for (let high = this.last; low < high;) {
      const middle = (low + high + 1) >> 1;
      if (BigInt(this.steps[middle].version) <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Puts the shared nodes in the place of their numbers: '@12' stands for nodes[12]. */
function link(container, nodes) {
  const open = [container];
  while (open.length > 0) {
    const node = open.pop();
    for (const key of isList(node) ? node.keys() : Object.keys(node)) {
      const child = node[key];
      if (typeof child === 'string' && child[0] === '@') {
        // Not node[key] = …: a key may be called __proto__.
        Object.defineProperty(node, key, { value: nodes[Number(child.slice(1))], enumerable: true });
      } else if (isContainer(child)) {
        open.push(child);
      }
    }
  }
}
