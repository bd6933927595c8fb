// The panels: commits, changes, tree, place, search.

const SIGNS = { '+': ['+', 'added'], '-': ['−', 'removed'], '~': ['~', 'replaced'], '>': ['⇄', 'moved'] };

const keyLabel = (tokens, list) => (list ? `[${tokens[tokens.length - 1]}]` : tokens[tokens.length - 1]);

function pathText(tokens) {
  return tokens.length === 0 ? h('span', { className: 'muted' }, 'the top level') : plain(pointerOf(tokens), 'path', 300);
}

/** The button that opens and closes a row; a space where there is nothing to open. */
const twisty = (can, open) => h('span', { className: 'twisty', 'aria-hidden': 'true' }, can ? (open ? '▾' : '▸') : '');

const small = (text, title, onclick) => h('button', {
  type: 'button', className: 'small', title, tabIndex: -1,
  onclick: event => { event.stopPropagation(); onclick(); },
}, text);

class CommitList {
  constructor(app) {
    this.app = app;
    this.list = new RowList($('commit-list'), {
      label: 'Commits, newest first',
      row: row => this.row(this.app.recording.last - row),
      moved: row => this.app.go(this.app.recording.last - row),
      key: event => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return false;
        this.app.go(this.app.at + (event.key === 'ArrowRight' ? 1 : -1));
        return true;
      },
    });
  }

  row(i) {
    const step = this.app.recording.steps[i];
    const { pinned } = this.app;
    const row = h('div', { className: pinned && !pinned.has(i) ? 'commit dim' : 'commit' },
        h('span', { className: 'version' }, step.version), this.app.authorMark(step),
        plain(step.label ?? (i === 0 ? 'oldest recorded state' : step.skipped ? `${many(Number(step.skipped), 'commit')} in one` : ''), 'label', 120),
        h('span', { className: 'spacer' }));
    if (step.attempts > 1) row.append(h('span', { className: 'badge warn', title: `ran ${step.attempts} times${step.conflict === undefined ? '' : `, because of ${step.conflict || 'the top level'}`}` }, `×${step.attempts}`));
    if (i > 0) row.append(h('span', { className: 'badge', title: many(step.changes.length, 'change') }, count(step.changes.length)));
    return row;
  }

  draw() {
    const { recording, at, pinned } = this.app;
    $('commit-count').textContent = pinned
      ? `${count(pinned.size)} of ${many(recording.last, 'commit')}` : many(recording.last, 'commit');
    this.list.show(recording.steps.length, recording.last - at);
    this.list.reveal(recording.last - at);
  }
}

class ChangesPanel {
  constructor(app) {
    this.app = app;
    this.open = new Set();
    this.list = new RowList($('change-list'), {
      role: 'tree', label: 'Changes',
      row: i => this.row(this.rows[i]),
      activate: i => this.toggle(this.rows[i]),
      key: (event, i) => this.key(event, this.rows[i]),
    });
  }

  draw() {
    const { at, compared, recording } = this.app;
    this.open.clear();
    this.changes = this.app.changes();
    this.entries = describe(this.changes);
    const head = compared === null ? this.commitHead(recording.steps[at], at) : this.compareHead();
    $('changes-head').replaceChildren(...head.filter(Boolean));
    this.layout();
    this.list.element.scrollTop = 0;
  }

  commitHead(step, i) {
    const fact = (name, value) => (value === undefined ? null
      : h('div', { className: 'fact' }, h('dt', {}, name), h('dd', {}, typeof value === 'string' ? plain(value, '', 200) : value)));
    const facts = h('dl', { className: 'facts' },
        fact('author', step.author === undefined ? undefined : this.app.authorMark(step)), fact('time', step.time && timeText(step.time)),
        fact('thread', step.thread), fact('code', step.where),
        fact('attempts', step.attempts && (step.conflict === undefined ? `${count(step.attempts)}: others changed what it had read`
          : `${count(step.attempts)}: another commit changed ${step.conflict || 'the top level'}, which it had read`)));
    const buttons = h('div', { className: 'buttons' },
        h('button', { type: 'button', id: 'compare-from', onclick: () => this.app.compare(i), title: 'Keep this version, and go to another (m)' }, 'Compare from here'),
        i > 0 ? this.patchMenu() : null,
        this.app.writable && i < this.app.recording.last
          ? h('button', { type: 'button', onclick: () => this.app.restore(step) }, 'Restore this version') : null);
    const title = i === 0 ? `Version ${step.version}, the oldest recorded` : `Version ${step.version}`;
    const gap = step.skipped ? h('p', { className: 'note' }, `${many(Number(step.skipped), 'commit')} are in this one step: they came too fast to be told apart, or are not in the record. These are the changes from before them to after them.`) : null;
    return [h('div', { className: 'title' }, h('h2', {}, title), step.label ? plain(step.label, 'label', 300) : null), facts, gap, buttons];
  }

  compareHead() {
    const { recording, compared, at } = this.app;
    const from = recording.steps[compared].version;
    const to = recording.steps[at].version;
    const input = h('input', { id: 'compare-version', value: from, size: 8, inputMode: 'numeric', 'aria-label': 'Version to compare from' });
    input.onchange = () => this.app.compare(recording.find(input.value.trim()) ?? compared);
    return [
      h('div', { className: 'title' }, h('h2', {}, 'Compare version ', input, ` with ${to}`)),
      h('p', { className: 'muted' }, `${many(this.changes.length, 'change')}. Go to another version, and this follows.`),
      h('div', { className: 'buttons' },
          h('button', { type: 'button', onclick: () => { this.app.compared = at; this.app.go(compared); } }, 'Swap'), this.patchMenu(),
          h('button', { type: 'button', id: 'compare-end', onclick: () => this.app.compare(null) }, 'End')),
    ];
  }

  patchMenu() {
    const withPatch = use => () => {
      try {
        use(jsonPatch(this.changes));
      } catch (problem) {
        if (!(problem instanceof NotJson)) throw problem;
        toast(`No patch: ${problem.message}.`);
      }
    };
    return h('span', { className: 'pair' },
        h('button', { type: 'button', id: 'patch-copy', onclick: withPatch(text => copy(text, 'The patch')) }, 'Copy JSON Patch'),
        h('button', { type: 'button', id: 'patch-save', onclick: withPatch(text => download(this.app.patchName(), text)), 'aria-label': 'Save JSON Patch', title: 'Save as a file' }, '↓'));
  }

  /** All rows in order: a heading for each container, its changes, what is open in them, and what stayed. */
  layout() {
    const groups = new Map();
    this.entries.forEach((entry, i) => {
      const key = pointerOf(entry.home);
      if (!groups.has(key)) groups.set(key, { tokens: entry.home, entries: [] });
      groups.get(key).entries.push([entry, i]);
    });
    this.rows = [];
    for (const [key, group] of groups) {
      this.rows.push({ kind: 'place', tokens: group.tokens });
      for (const [entry, i] of group.entries) this.layoutEntry(entry, String(i));
      this.layoutSame(key, group);
    }
    this.list.show(this.rows.length);
    $('no-changes').hidden = this.rows.length > 0;
    $('no-changes').textContent = this.app.compared !== null ? 'The two versions are equal.'
      : this.app.at === 0 ? 'Commits before this state are not in this recording. The tree shows all of it.' : 'Nothing differs in this commit.';
  }

  layoutEntry(entry, id) {
    const value = entry.sign === '-' ? entry.before : entry.after;
    const both = entry.sign === '~' && isContainer(entry.before);
    const can = (isContainer(value) && sizeOf(value) > 0) || (both && sizeOf(entry.before) > 0);
    const tokens = entry.sign === '-' ? entry.then : entry.now;
    this.rows.push({ kind: 'change', entry, id, tokens, can });
    if (!can || !this.open.has(id)) return;
    if (both) this.layoutInside(entry.before, entry.then, '-', id + '<', 2);
    if (isContainer(value)) this.layoutInside(value, tokens, entry.sign === '-' ? '-' : entry.sign === '>' ? '' : '+', id, 2);
  }

  layoutInside(container, tokens, mark, id, depth) {
    for (const key of keysOf(container)) {
      const value = childOf(container, key);
      const inner = `${id}/${key.length}:${key}`;
      const can = isContainer(value) && sizeOf(value) > 0;
      this.rows.push({ kind: 'inside', mark, tokens: [...tokens, key], list: isList(container), value, id: inner, depth, can });
      if (can && this.open.has(inner)) this.layoutInside(value, [...tokens, key], mark, inner, depth + 1);
    }
  }

  layoutSame(key, group) {
    const container = valueAt(this.app.root, group.tokens);
    if (!isContainer(container)) return;
    const touched = new Set(group.entries.filter(([entry]) => entry.sign !== '-').map(([entry]) => entry.now[entry.now.length - 1]));
    for (const entry of this.entries) {
      if (entry.home.length > group.tokens.length && group.tokens.every((t, i) => t === entry.home[i])) touched.add(entry.home[group.tokens.length]);
    }
    const stays = sizeOf(container) - touched.size;
    if (stays <= 0) return;
    const id = `same${key}`;
    this.rows.push({ kind: 'fold', id, stays, list: isList(container), can: true });
    if (!this.open.has(id)) return;
    for (const k of keysOf(container)) {
      if (touched.has(k)) continue;
      this.rows.push({ kind: 'inside', mark: '', tokens: [...group.tokens, k], list: isList(container), value: childOf(container, k), id: `${id} ${k}`, depth: 1, can: false });
    }
  }

  row(row) {
    const shut = row.can ? !this.open.has(row.id) : null;
    const element = this.content(row, !shut);
    if (shut !== null) element.setAttribute('aria-expanded', !shut);
    return element;
  }

  content(row, open) {
    if (row.kind === 'place') {
      return h('div', { className: 'place', 'aria-level': 1 }, pathText(row.tokens), h('span', { className: 'spacer' }),
          small('pin', 'Which commits changed this place? (p)', () => this.app.pinPath(row.tokens)));
    }
    if (row.kind === 'fold') {
      const what = row.list ? 'element' : 'key';
      return h('div', { className: 'fold', 'aria-level': 2 }, twisty(true, open), `${many(row.stays, what)} unchanged`);
    }
    if (row.kind === 'inside') return this.inside(row, open);
    const { entry } = row;
    const [glyph, name] = SIGNS[entry.sign];
    const element = h('div', { className: `change ${name}`, 'aria-level': 2 }, twisty(row.can, open),
        h('span', { className: 'sign', role: 'img', 'aria-label': name, title: name }, glyph), this.keyOf(entry));
    if (entry.sign === '~') element.append(...replacement(entry.before, entry.after));
    else element.append(valueSpan(entry.sign === '-' ? entry.before : entry.after));
    element.append(h('span', { className: 'spacer' }),
        small('pin', 'Which commits changed this place? (p)', () => this.app.pinPath(row.tokens)));
    return element;
  }

  keyOf(entry) {
    if (entry.sign !== '>') return plain(keyLabel(entry.sign === '-' ? entry.then : entry.now, entry.list), 'key', 120);
    return h('span', { className: 'key' }, `${keyLabel(entry.then, true)} → ${keyLabel(entry.now, true)}`);
  }

  inside(row, open) {
    const [glyph, name] = SIGNS[row.mark] ?? ['', 'same'];
    const element = h('div', { className: `change ${name}`, 'aria-level': row.depth + 1 });
    const indent = h('span', { className: 'indent' });
    indent.style.width = `${(row.depth - 1) * 16}px`;
    element.append(indent, twisty(row.can, open), h('span', { className: 'sign' }, glyph), plain(keyLabel(row.tokens, row.list), 'key', 120), valueSpan(row.value));
    return element;
  }

  toggle(row) {
    if (!row?.can) return;
    if (!this.open.delete(row.id)) this.open.add(row.id);
    this.layout();
  }

  key(event, row) {
    if (!row) return false;
    const open = row.can && this.open.has(row.id);
    if (event.key === 'ArrowRight' && row.can && !open) this.toggle(row);
    else if (event.key === 'ArrowLeft' && open) this.toggle(row);
    else if (event.key === 'p' && row.tokens) this.app.pinPath(row.tokens);
    else if (event.key === 'c' && row.tokens) copy(pointerOf(row.tokens), 'The path');
    else return event.key === 'ArrowRight' || event.key === 'ArrowLeft';
    return true;
  }
}

const SHARED = 24;

/** Before and after. Of two long texts that begin or end alike, the parts that differ with a little around them. */
function replacement(a, b) {
  const arrow = h('span', { className: 'arrow', 'aria-label': 'becomes' }, '→');
  if (kindOf(a) !== 'text' || kindOf(b) !== 'text' || Math.max(a.length, b.length) <= 80) {
    return [h('span', { className: 'old' }, valueSpan(a, 100)), arrow, h('span', { className: 'new' }, valueSpan(b, 100)), ...typeChange(a, b)];
  }
  let start = 1;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  const skip = start > SHARED + 8 ? start - SHARED : 1;
  const part = (value, className) => h('span', { className }, skip > 1 ? h('span', { className: 'more', title: `after ${many(skip - 1, 'equal character')}` }, '…') : null,
      plain(value.slice(skip), 'value text', 80),
      value.length > 81 ? h('button', { className: 'all', tabIndex: -1, onclick: event => { event.stopPropagation(); showAll(value); } }, many(value.length - 1, 'character')) : null);
  return [part(a, 'old'), arrow, part(b, 'new')];
}

function typeChange(a, b) {
  const from = kindOf(a);
  const to = kindOf(b);
  const told = from !== to && leafText(a) === leafText(b) || (from !== to && /whole|double|decimal/.test(from) && /whole|double|decimal/.test(to));
  return told ? [h('span', { className: 'badge' }, `${from} → ${to}`)] : [];
}

class TreePanel {
  constructor(app) {
    this.app = app;
    this.open = new Set(['']);
    this.list = new RowList($('tree'), {
      role: 'tree', label: 'The whole tree',
      row: i => this.row(this.rows[i]),
      activate: i => this.toggle(this.rows[i]),
      key: (event, i) => this.key(event, i),
    });
  }

  draw() {
    const changed = new Map();
    for (const entry of this.app.entries()) {
      const at = entry.sign === '-' ? entry.home : entry.now;
      for (let depth = 0; depth < at.length; depth++) if (!changed.has(pointerOf(at.slice(0, depth)))) changed.set(pointerOf(at.slice(0, depth)), 'within');
      if (entry.sign !== '-') changed.set(pointerOf(at), SIGNS[entry.sign][1]);
    }
    this.changed = changed;
    this.layout();
  }

  layout() {
    this.rows = [];
    const add = (container, tokens, pointer) => {
      const list = isList(container);
      for (const key of keysOf(container)) {
        const value = childOf(container, key);
        const path = `${pointer}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`;
        const can = isContainer(value) && sizeOf(value) > 0;
        const row = { parent: tokens, key, list, value, path, can, depth: tokens.length };
        this.rows.push(row);
        if (can && this.open.has(path)) add(value, [...tokens, key], path);
      }
    };
    add(this.app.root, [], '');
    this.list.show(this.rows.length);
    $('tree-empty').hidden = this.rows.length > 0;
  }

  row(row) {
    const open = this.open.has(row.path);
    const element = h('div', { className: `node ${this.changed.get(row.path) ?? ''}`, 'aria-level': row.depth + 1 });
    if (row.can) element.setAttribute('aria-expanded', open);
    if (this.app.isPinned([...row.parent, row.key])) element.classList.add('pinned');
    const indent = h('span', { className: 'indent' });
    indent.style.width = `${Math.min(row.depth, 40) * 16}px`;
    element.append(indent, twisty(row.can, open), plain(keyLabel([row.key], row.list), 'key', 160),
        open && row.can ? h('span', {}) : valueSpan(row.value, 120), h('span', { className: 'spacer' }),
        h('span', { className: 'actions' },
            small('pin', 'Which commits changed this place? (p)', () => this.app.pinPath(this.tokens(row))),
            small('path', 'Copy the path (c)', () => copy(row.path, 'The path')),
            small('JSON', 'Copy the value as JSON (v)', () => copyJson(row.value)),
            this.app.writable ? small('edit', 'Change the value (e)', () => this.app.edit(this.tokens(row), row.value)) : null),
        h('span', { className: 'type' }, typeOf(row.value)));
    return element;
  }

  tokens(row) { return [...row.parent, row.key]; }

  toggle(row) {
    if (!row?.can) return;
    if (!this.open.delete(row.path)) this.open.add(row.path);
    this.layout();
  }

  /** Opens all that is above a place, and goes to it, as far as it is there. */
  reveal(tokens) {
    for (let depth = 1; depth < tokens.length; depth++) this.open.add(pointerOf(tokens.slice(0, depth)));
    this.layout();
    const path = pointerOf(tokens);
    const i = this.rows.findIndex(row => row.path === path);
    if (i >= 0) this.list.moveTo(i);
    return i >= 0;
  }

  key(event, i) {
    const row = this.rows[i];
    if (!row) return false;
    const open = row.can && this.open.has(row.path);
    switch (event.key) {
      case 'ArrowRight':
        if (open) this.list.moveTo(i + 1);
        else this.toggle(row);
        return true;
      case 'ArrowLeft':
        if (open) this.toggle(row);
        else if (row.depth > 0) this.list.moveTo(this.rows.findLastIndex((other, j) => j < i && other.depth < row.depth));
        return true;
      case 'p': this.app.pinPath(this.tokens(row)); return true;
      case 'c': copy(row.path, 'The path'); return true;
      case 'v': copyJson(row.value); return true;
      case 'e': if (this.app.writable) this.app.edit(this.tokens(row), row.value); return true;
      default: return false;
    }
  }
}

/** What happened to the pinned place, newest first. */
class PlacePanel {
  constructor(app) {
    this.app = app;
    this.found = [];
    this.list = new RowList($('place-list'), {
      label: 'Changes of the pinned place, newest first',
      row: i => this.row(this.found[i]),
      moved: i => this.app.go(this.found[i].i),
    });
  }

  draw() {
    const { pin, history, recording } = this.app;
    this.found = [...history].sort((a, b) => b.i - a.i); // stable: the places of one commit keep their order
    $('place-note').replaceChildren(pin === null ? 'Pin a place to see each commit that changed it: click on it and then on “pin”, or type its path above. * stands for one key, ** for any number.'
      : h('span', {}, many(history.length, 'change'), ' of ', plain(pin || '/', 'path', 200), ' in ', many(recording.last, 'commit'), this.single()));
    this.list.show(this.found.length, this.found.findIndex(entry => entry.i === this.app.at));
  }

  single() {
    const { pattern, root } = this.app;
    if (isPattern(pattern)) return '';
    const value = valueAt(root, pattern.map(literal));
    return h('span', {}, '. Now: ', isMissing(value) ? h('i', {}, 'missing') : valueSpan(value, 60));
  }

  row(entry) {
    const step = this.app.recording.steps[entry.i];
    return h('div', { className: 'happened' }, h('span', { className: 'version' }, step.version), this.app.authorMark(step),
        isPattern(this.app.pattern) ? plain(pointerOf(entry.tokens), 'path', 80) : null,
        ...(isMissing(entry.before) ? [h('span', { className: 'sign added' }, '+'), valueSpan(entry.after, 100)]
          : isMissing(entry.after) ? [h('span', { className: 'sign removed' }, '−'), h('span', { className: 'old' }, valueSpan(entry.before, 100))]
            : replacement(entry.before, entry.after)),
        h('span', { className: 'spacer' }), plain(step.label ?? '', 'label', 80),
        step.time ? h('span', { className: 'when' }, clockText(step.time)) : null);
  }
}

class SearchPanel {
  constructor(app) {
    this.app = app;
    this.found = [];
    this.list = new RowList($('search-list'), {
      label: 'What was found',
      row: i => this.row(this.found[i]),
      moved: i => this.visit(this.found[i]),
    });
  }

  visit(entry) {
    if (entry.i !== undefined) this.app.go(entry.i);
    this.app.tree.reveal(entry.tokens);
  }

  draw() {
    const { query, scope } = this.app;
    if (query === '') {
      this.found = [];
      $('search-note').textContent = 'Type above to search in keys and values.';
    } else {
      const { found, whole } = scope === 'time' ? searchTime(this.app.recording, query) : searchState(this.app.root, query);
      this.found = found;
      const where = scope === 'time' ? 'through all recorded commits' : 'in this version';
      $('search-note').textContent = `${whole ? '' : 'The first '}${many(found.length, 'place')} ${where}.${scope === 'time' && found.length ? ' Oldest first.' : ''}`;
    }
    this.list.show(this.found.length, -1);
  }

  row(entry) {
    const step = entry.i === undefined ? null : this.app.recording.steps[entry.i];
    const word = step && (entry.i === 0 ? 'there at first' : entry.comes ? 'appears' : 'goes');
    return h('div', { className: 'happened' }, step ? h('span', { className: 'version' }, step.version) : null,
        step ? h('span', { className: `sign ${entry.comes ? 'added' : 'removed'}`, title: word }, entry.comes ? '+' : '−') : null,
        plain(pointerOf(entry.tokens), 'path', 120), valueSpan(entry.value, 100), h('span', { className: 'spacer' }),
        step ? this.app.authorMark(step) : null);
  }
}
