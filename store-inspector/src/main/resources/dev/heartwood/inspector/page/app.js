// The page as a whole: which version, which place, which query; the address; the keyboard; the live source.

// A time is microseconds since 1970, as text: a number of them still fits a double, until the year 2255.
const dateOf = micros => new Date(Number(micros) / 1000);
const pad = (number, width) => String(number).padStart(width, '0');
const clockText = micros => {
  const date = dateOf(micros);
  return `${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}:${pad(date.getSeconds(), 2)}.${pad(date.getMilliseconds(), 3)}`;
};
const timeText = micros => {
  const date = dateOf(micros);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)} ${clockText(micros)}`;
};

class App {
  constructor(recording, live) {
    this.recording = recording;
    this.live = live;
    this.writable = live?.writable ?? false;
    this.at = recording.last;
    this.compared = null;
    this.pin = null;
    this.pattern = null;
    this.pinned = null;
    this.history = [];
    this.query = '';
    this.scope = 'state';
    this.tab = 'tree';
    this.follows = true;
    this.useRecording();
    this.commits = new CommitList(this);
    this.panel = new ChangesPanel(this);
    this.tree = new TreePanel(this);
    this.place = new PlacePanel(this);
    this.search = new SearchPanel(this);
    this.timeline = new Timeline(this);
    this.controls();
    this.keys();
    this.fromAddress();
    addEventListener('hashchange', () => this.fromAddress());
  }

  useRecording() {
    this.cursor = new Cursor(this.recording);
    this.other = new Cursor(this.recording);
    this.facts();
  }

  facts() {
    const { data, steps } = this.recording;
    const range = `versions ${steps[0].version} to ${steps[this.recording.last].version}`;
    $('facts').textContent = this.live ? range : `${range} · recorded ${data.made}`;
    document.title = `${data.title} · Heartwood inspector`;
    $('store').replaceChildren(plain(data.title, '', 80));
    $('notices').replaceChildren(...(data.notices ?? []).map(text => h('li', {}, text)));
    $('notices').hidden = !data.notices?.length;
    $('legend').replaceChildren(...[...this.recording.authors].slice(0, COLOURS).map(([name]) => this.authorMark({ author: name || undefined })));
    if (this.recording.authors.size > COLOURS) $('legend').append(h('span', { className: 'muted' }, `${count(this.recording.authors.size - COLOURS)} more`));
  }

  authorMark(step) {
    const number = this.recording.authors.get(step.author ?? '') ?? -1;
    const dot = h('span', { className: `dot author-${colourOf(number)}`, 'aria-hidden': 'true' });
    return h('span', { className: 'author' }, dot, step.author === undefined ? h('span', { className: 'muted' }, 'no author') : plain(step.author, '', 40));
  }

  caption(i) {
    const step = this.recording.steps[i];
    const parts = [h('b', {}, `version ${step.version}`), this.authorMark(step)];
    if (step.label) parts.push(plain(step.label, 'label', 80));
    if (step.time) parts.push(h('span', { className: 'when' }, clockText(step.time)));
    if (i > 0) parts.push(h('span', { className: 'muted' }, many(step.changes.length, 'change')));
    return parts;
  }

  /** Goes to a state. Draws once a frame, however often it is called. */
  go(i, { follow = i >= this.recording.last } = {}) {
    this.at = Math.max(0, Math.min(this.recording.last, i));
    this.follows = follow;
    this.refresh();
  }

  refresh() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.draw(); });
  }

  draw() {
    this.root = this.cursor.go(this.at);
    this.commits.draw();
    this.panel.draw();
    this.tree.draw();
    this.timeline.draw();
    if (this.tab === 'place') this.place.draw();
    if (this.tab === 'search' && this.scope === 'state') this.search.draw();
    const step = this.recording.steps[this.at];
    $('position').replaceChildren(...this.caption(this.at));
    const slider = $('timeline');
    slider.setAttribute('aria-valuemax', this.recording.last);
    slider.setAttribute('aria-valuenow', this.at);
    slider.setAttribute('aria-valuetext', `version ${step.version}${step.author ? `, ${step.author}` : ''}${step.label ? `, ${step.label}` : ''}`);
    $('first').disabled = $('previous').disabled = this.at === 0;
    $('next').disabled = $('last').disabled = this.at === this.recording.last;
    this.toAddress();
    document.documentElement.dataset.drawn = step.version;
  }

  changes() {
    if (this.compared === null) return this.recording.steps[this.at].changes;
    return difference(this.other.go(this.compared), this.root);
  }

  entries() { return this.panel.entries; }

  compare(i) {
    this.compared = i;
    if (i !== null) toast(`Compares from version ${this.recording.steps[i].version}. Go to another version.`);
    this.refresh();
  }

  patchName() {
    const { steps } = this.recording;
    return `${steps[this.compared ?? this.at - 1].version}-to-${steps[this.at].version}.patch.json`;
  }

  pinPath(tokens) { this.setPin(patternOf(tokens)); this.show('place'); }

  setPin(text) {
    this.pin = text;
    $('pin').value = text ?? '';
    $('unpin').hidden = text === null;
    this.pattern = text === null ? null : parsePattern(text);
    this.findPinned();
    this.place.draw();
    this.refresh();
  }

  findPinned() {
    this.history = this.pattern === null ? [] : placeHistory(this.recording, this.pattern);
    this.pinned = this.pattern === null ? null : new Set(this.history.map(entry => entry.i));
  }

  isPinned(tokens) { return this.pattern !== null && isCovered(this.pattern, tokens); }

  /** The next or previous commit, of those that changed the pinned place if there is one. */
  step(by) {
    if (!this.pinned) { this.go(this.at + by); return; }
    for (let i = this.at + by; i >= 0 && i <= this.recording.last; i += by) {
      if (this.pinned.has(i)) { this.go(i); return; }
    }
    toast(`No ${by > 0 ? 'later' : 'earlier'} commit changed the pinned place.`);
  }

  play() {
    if (this.player) {
      clearInterval(this.player);
      this.player = null;
    } else {
      if (this.at === this.recording.last) this.go(0);
      this.player = setInterval(() => {
        if (this.at >= this.recording.last) this.play();
        else this.go(this.at + Math.max(1, Math.round(this.recording.last / 400)));
      }, 100);
    }
    $('play').replaceChildren(icon(this.player ? 'pause' : 'play'));
    $('play').setAttribute('aria-label', this.player ? 'Pause' : 'Play');
  }

  show(tab) {
    this.tab = tab;
    for (const name of ['tree', 'place', 'search']) {
      $(`tab-${name}`).setAttribute('aria-selected', name === tab);
      $(`tab-${name}`).tabIndex = name === tab ? 0 : -1;
      $(`panel-${name}`).hidden = name !== tab;
    }
    if (tab !== 'tree') this[tab].draw();
    else this.tree.list.redraw();
    this.toAddress();
  }

  find(query, scope = this.scope) {
    this.query = query;
    this.scope = scope;
    $('query').value = query;
    $('scope').value = scope;
    this.show('search');
    this.search.draw();
  }

  controls() {
    for (const name of ['first', 'previous', 'play', 'next', 'last']) $(name).replaceChildren(icon(name));
    $('first').onclick = () => this.go(0);
    $('previous').onclick = () => this.step(-1);
    $('next').onclick = () => this.step(1);
    $('last').onclick = () => this.go(this.recording.last);
    $('play').onclick = () => this.play();
    $('lanes').onclick = () => {
      this.timeline.lanes = !this.timeline.lanes;
      $('lanes').setAttribute('aria-pressed', this.timeline.lanes);
      this.timeline.draw();
      this.toAddress();
    };
    $('pin-form').onsubmit = event => {
      event.preventDefault();
      this.setPin($('pin').value.trim() === '' ? null : $('pin').value.trim());
      if (this.pin !== null) this.show('place');
    };
    $('unpin').onclick = () => this.setPin(null);
    let timer;
    const search = () => this.find($('query').value, $('scope').value);
    $('query').oninput = () => { clearTimeout(timer); timer = setTimeout(search, 200); };
    $('search-form').onsubmit = event => { event.preventDefault(); clearTimeout(timer); search(); };
    $('scope').onchange = () => { if ($('query').value) search(); else this.scope = $('scope').value; };
    const tabs = ['tree', 'place', 'search'];
    for (const name of tabs) {
      $(`tab-${name}`).onclick = () => this.show(name);
      $(`tab-${name}`).onkeydown = event => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!by) return;
        event.stopPropagation();
        const to = tabs[(tabs.indexOf(name) + by + tabs.length) % tabs.length];
        this.show(to);
        $(`tab-${to}`).focus();
      };
    }
    $('help').onclick = () => this.help();
  }

  keys() {
    addEventListener('keydown', event => {
      const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? '');
      if (event.ctrlKey || event.metaKey || event.altKey || $('dialog').open) return;
      if (typing) {
        if (event.key === 'Escape') document.activeElement.blur();
        return;
      }
      const act = {
        ArrowLeft: () => this.step(-1), ArrowRight: () => this.step(1), Home: () => this.go(0), End: () => this.go(this.recording.last),
        '/': () => $('query').focus(), f: () => $('pin').focus(), m: () => this.compare(this.at), l: () => $('lanes').click(),
        t: () => { this.show('tree'); $('tree').focus(); }, h: () => { this.show('place'); $('place-list').focus(); },
        d: () => $('change-list').focus(), '?': () => this.help(),
        Escape: () => { if (this.compared !== null) this.compare(null); else if (this.pin !== null) this.setPin(null); },
      }[event.key];
      if (event.key === ' ' && document.activeElement?.tagName !== 'BUTTON') { event.preventDefault(); this.play(); }
      if (!act) return;
      event.preventDefault();
      act();
    });
  }

  help() {
    const keys = [
      ['← →', 'previous and next commit; of the pinned place, if there is one'], ['Home End', 'oldest and newest'], ['Space', 'play, pause'],
      ['/', 'search'], ['f', 'pin a place by its path'], ['m', 'compare from this version'], ['l', 'a lane for each author'],
      ['d', 'to the changes'], ['t', 'to the tree'], ['h', 'to the history of the pinned place'],
      ['↑ ↓ ← →', 'in a list or tree: move, open, close'], ['p c v', 'in a tree: pin, copy the path, copy the value as JSON'], ['Esc', 'end comparing, unpin'],
    ];
    openDialog('Keyboard', h('table', { className: 'keys' }, ...keys.map(([key, what]) =>
      h('tr', {}, h('th', {}, ...key.split(' ').map(name => h('kbd', {}, name))), h('td', {}, what)))));
  }

  toAddress() {
    const parts = new URLSearchParams();
    const { steps, last } = this.recording;
    if (!(this.live && this.follows && this.at === last)) parts.set('v', steps[this.at].version);
    if (this.pin !== null) parts.set('path', this.pin);
    if (this.compared !== null) parts.set('from', steps[this.compared].version);
    if (this.query !== '') { parts.set('q', this.query); parts.set('in', this.scope); }
    if (this.tab !== 'tree') parts.set('tab', this.tab);
    if (this.timeline.lanes) parts.set('lanes', '1');
    const hash = '#' + parts.toString().replace(/%2F/g, '/').replace(/%2A/gi, '*');
    if (hash !== location.hash && hash !== '#' + location.hash) {
      this.address = hash;
      history.replaceState(null, '', hash);
    }
  }

  fromAddress() {
    if (location.hash !== '' && location.hash === this.address) return;
    const parts = new URLSearchParams(location.hash.slice(1));
    const version = parts.get('v');
    const i = version === null ? this.recording.last : this.recording.find(version);
    if (i === undefined || (version !== null && this.recording.steps[i].version !== version)) {
      toast(`Version ${version} is not in this recording.`);
    }
    this.compared = parts.has('from') ? this.recording.find(parts.get('from')) ?? null : null;
    this.timeline.lanes = parts.has('lanes');
    $('lanes').setAttribute('aria-pressed', this.timeline.lanes);
    this.at = i ?? this.recording.last;
    this.follows = version === null;
    this.root = this.cursor.go(this.at);
    this.panel.draw();
    this.tree.draw();
    this.setPin(parts.get('path'));
    if (parts.has('q')) this.find(parts.get('q'), parts.get('in') === 'time' ? 'time' : 'state');
    this.show(['place', 'search'].includes(parts.get('tab')) ? parts.get('tab') : 'tree');
    if (this.pattern !== null && !isPattern(this.pattern)) this.tree.reveal(this.pattern.map(literal));
    this.refresh();
  }
}
