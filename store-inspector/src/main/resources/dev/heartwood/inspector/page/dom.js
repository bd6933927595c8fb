// Elements and text. Nothing here, nor anywhere else, turns a value into HTML.

const $ = id => document.getElementById(id);

/** An element with properties and children; attributes where the name has a dash or is role. */
function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null) continue;
    if (name.includes('-') || name === 'role') element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

const ICONS = {
  first: 'M3 3v10M13 3 6 8l7 5z', previous: 'M12 3 5 8l7 5z', play: 'M4 2.5v11L13.5 8z', pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  next: 'M4 3l7 5-7 5z', last: 'M13 3v10M3 3l7 5-7 5z',
};

function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const path = document.createElementNS(space, 'path');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

// Controls, line and paragraph separators, marks that change the direction of text or are not seen, and lone surrogates.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;
const NAMED = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escapeUnseen = c => NAMED[c] ?? '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0');

/** Text with the characters that cannot be seen spelled out, in a box that keeps its direction to itself. */
function plain(text, className, limit = 400) {
  const box = h('bdi', { className });
  let shown = text.length > limit ? text.slice(0, limit) : text;
  if (shown.length < text.length && /[\ud800-\udbff]$/.test(shown)) shown = shown.slice(0, -1);
  let from = 0;
  for (const match of shown.matchAll(UNSEEN)) {
    box.append(shown.slice(from, match.index), h('span', { className: 'unseen' }, escapeUnseen(match[0])));
    from = match.index + match[0].length;
  }
  box.append(shown.slice(from));
  if (shown.length < text.length) box.append(h('span', { className: 'more' }, '…'));
  return box;
}

/** A value on one line. Long text ends with a button that shows all of it. */
function valueSpan(value, limit = 160) {
  if (isContainer(value) && 'brief' in value && 'type' in value) return plain(value.brief, 'value container', limit);
  if (isContainer(value)) return plain(preview(value, limit), 'value container', limit + 1);
  const kind = kindOf(value);
  const text = leafText(value);
  const box = h('span', { className: `value ${kind === 'cut' ? kindOf(cutLeaf(value)) : kind}` }, plain(text, '', limit));
  if (text.length > limit || kind === 'cut') {
    const length = kind === 'cut' ? cutLength(value) : text.length;
    box.append(h('button', { className: 'all', tabIndex: -1, onclick: event => { event.stopPropagation(); showAll(value); } },
        `${count(length)} characters`));
  }
  return box;
}

const CHUNK = 50_000;

/** A dialog with the whole of a long text, a part at a time. */
function showAll(value) {
  const text = leafText(value);
  const body = h('pre', { tabIndex: 0 });
  let shown = 0;
  const more = h('button', { type: 'button' }, '');
  const next = () => {
    body.append(plain(text.slice(shown, shown + CHUNK), '', CHUNK));
    shown += CHUNK;
    more.hidden = shown >= text.length;
    more.textContent = `Show the next ${count(Math.min(CHUNK, text.length - shown))} of ${many(text.length - shown, 'character')} more`;
  };
  more.onclick = next;
  next();
  const note = kindOf(value) === 'cut'
    ? h('p', { className: 'note' }, `This recording holds the first ${many(text.length, 'character')} of ${count(cutLength(value))}.`) : null;
  openDialog(`${typeOf(value)}, ${many(text.length, 'character')}`, note, body,
      h('div', { className: 'buttons' }, more, h('button', { type: 'button', onclick: () => copy(text, 'The text') }, 'Copy')));
}

function openDialog(title, ...content) {
  const dialog = $('dialog');
  const close = h('button', { type: 'button', className: 'close', 'aria-label': 'Close', onclick: () => dialog.close() }, '×');
  dialog.replaceChildren(h('header', {}, h('h2', { id: 'dialog-title' }, title), close), ...content.filter(Boolean));
  dialog.showModal();
  return dialog;
}

let toastTimer;
function toast(message) {
  $('toast').textContent = message;
  $('toast').classList.add('on');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => $('toast').classList.remove('on'), 4_000);
}

async function copy(text, name) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h('textarea', { value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    if (!done) { toast('The browser does not let this page copy.'); return; }
  }
  toast(`${name} is copied.`);
}

function copyJson(value) {
  try {
    copy(toJson(value), 'The value');
  } catch (problem) {
    if (!(problem instanceof NotJson)) throw problem;
    toast(`Not copied: ${problem.message}.`);
  }
}

function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

const ROW = 26;
let listNumber = 0;

/** A list of rows of one height, of which only those that are seen exist. Moved through with the keyboard. */
class RowList {
  constructor(element, { role = 'listbox', label, row, activate, key, moved }) {
    this.element = element;
    this.options = { row, activate, key, moved };
    this.rowRole = role === 'tree' ? 'treeitem' : 'option';
    this.number = listNumber++;
    this.count = 0;
    this.active = -1;
    this.space = h('div', { className: 'space' });
    element.replaceChildren(this.space);
    element.setAttribute('role', role);
    element.setAttribute('aria-label', label);
    element.tabIndex = 0;
    element.addEventListener('scroll', () => this.draw());
    element.addEventListener('keydown', event => this.keydown(event));
    new ResizeObserver(() => this.draw()).observe(element);
  }

  show(number, active = Math.min(this.active, number - 1)) {
    this.count = number;
    this.active = active;
    this.space.style.height = `${number * ROW}px`;
    this.redraw();
  }

  redraw() {
    this.drawn = null;
    this.draw();
  }

  draw() {
    const first = Math.max(0, Math.floor(this.element.scrollTop / ROW) - 4);
    const last = Math.min(this.count, Math.ceil((this.element.scrollTop + this.element.clientHeight) / ROW) + 4);
    const wanted = `${first} ${last} ${this.active} ${this.count}`;
    if (this.drawn === wanted) return;
    this.drawn = wanted;
    const rows = [];
    for (let i = first; i < last; i++) {
      const row = this.options.row(i);
      row.id = this.id(i);
      row.classList.add('row');
      row.classList.toggle('active', i === this.active);
      row.style.transform = `translateY(${i * ROW}px)`;
      row.setAttribute('role', this.rowRole);
      row.setAttribute('aria-setsize', this.count);
      row.setAttribute('aria-posinset', i + 1);
      row.setAttribute('aria-selected', i === this.active);
      row.addEventListener('click', event => { this.moveTo(i); this.options.activate?.(i, event); });
      rows.push(row);
    }
    this.space.replaceChildren(...rows);
    if (this.active >= 0) this.element.setAttribute('aria-activedescendant', this.id(this.active));
    else this.element.removeAttribute('aria-activedescendant');
  }

  id(i) { return `list${this.number}-${i}`; }

  moveTo(i) {
    this.active = i;
    this.reveal(i);
    this.redraw();
    this.options.moved?.(i);
  }

  reveal(i) {
    const top = i * ROW;
    const element = this.element;
    if (top < element.scrollTop || top + ROW > element.scrollTop + element.clientHeight) {
      element.scrollTop = top - element.clientHeight / 2;
    }
  }

  keydown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.options.key?.(event, this.active)) { event.preventDefault(); event.stopPropagation(); return; }
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW) - 1);
    const to = {
      ArrowDown: this.active + 1, ArrowUp: this.active - 1, PageDown: this.active + page, PageUp: this.active - page,
      Home: 0, End: this.count - 1,
    }[event.key];
    if (to !== undefined && this.count > 0) this.moveTo(Math.max(0, Math.min(this.count - 1, to)));
    else if (event.key === 'Enter' && this.active >= 0) this.options.activate?.(this.active, event);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
