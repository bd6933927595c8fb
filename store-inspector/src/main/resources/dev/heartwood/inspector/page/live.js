// The live source: the newest recording, then each commit as it comes.

const MOST_HELD = 20_000;

async function fetchRecording() {
  const answer = await fetch('history', { cache: 'no-store' });
  if (!answer.ok) throw new Error(answer.status === 401 ? 'this address has no valid key; open the one that the program printed' : `the program answered ${answer.status}`);
  return new Recording(JSON.parse(await answer.text()));
}

async function startLive() {
  // The cookie has taken the place of the key: what is copied or kept in a history no longer has it.
  if (location.search !== '') history.replaceState(null, '', location.pathname + location.hash);
  const recording = await fetchRecording();
  if (recording.data.live === false) return new App(recording, null); // a record: no commits follow
  const live = new Live(recording.data.writable === true);
  live.app = new App(recording, live);
  live.connect();
  return live.app;
}

class Live {
  constructor(writable) {
    this.writable = writable;
    this.held = [];
    this.paused = false;
    document.body.classList.add('live');
    $('pause').hidden = false;
    $('pause').onclick = () => this.pause();
    $('state').hidden = false;
  }

  /** Events after the newest version that is known; the browser connects again by itself, and says what it had last. */
  connect() {
    const { steps, last } = this.app.recording;
    this.source?.close();
    this.source = new EventSource(`events?after=${this.held.at(-1)?.step.version ?? steps[last].version}`);
    this.source.onopen = () => this.tell('live', 'live');
    this.source.onerror = () => this.tell('lost', this.source.readyState === EventSource.CLOSED ? 'not connected' : 'connecting again');
    this.source.addEventListener('commits', event => this.receive(JSON.parse(event.data)));
    this.source.addEventListener('again', () => this.reload());
    this.source.addEventListener('closed', () => { this.source.close(); this.tell('lost', 'the store is closed'); });
  }

  tell(state, text) {
    document.body.dataset.state = state;
    $('state').textContent = this.paused ? `paused · ${many(this.held.length, 'commit')} waiting` : text;
    this.text = text;
  }

  receive(data) {
    for (const step of data.steps) this.held.push({ step, nodes: data.nodes });
    if (this.held.length > MOST_HELD) { this.held = []; this.missed = true; }
    if (this.paused) this.tell(document.body.dataset.state, this.text);
    else this.release();
  }

  release() {
    const { app } = this;
    if (this.missed || app.recording.steps.length > MOST_HELD) { this.reload(); return; }
    for (const { step, nodes } of this.held.splice(0)) app.recording.add(step, nodes);
    if (app.pattern !== null) app.findPinned();
    if (app.follows && !app.player && app.compared === null) app.at = app.recording.last;
    app.facts();
    app.refresh();
  }

  pause() {
    this.paused = !this.paused;
    $('pause').textContent = this.paused ? 'Resume' : 'Pause';
    $('pause').setAttribute('aria-pressed', this.paused);
    this.tell(document.body.dataset.state, this.text);
    if (!this.paused) this.release();
  }

  /** Starts from a new recording: the page missed commits that the program no longer has, or holds too many. */
  async reload() {
    const { app } = this;
    const version = app.recording.steps[app.at].version;
    const from = app.compared === null ? null : app.recording.steps[app.compared].version;
    this.source.close();
    this.held = [];
    this.missed = false;
    app.recording = await fetchRecording();
    app.useRecording();
    app.compared = from === null ? null : app.recording.find(from) ?? null;
    app.at = app.follows ? app.recording.last : app.recording.find(version) ?? 0;
    app.findPinned();
    toast('Older commits were let go: the page starts from what the program still has.');
    app.refresh();
    this.connect();
  }

  async send(what, body) {
    const answer = await fetch(what, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    if (answer.ok) return true;
    toast(`Not changed: ${await answer.text()}`);
    return false;
  }
}

App.prototype.restore = async function restore(step) {
  if (await this.live.send('restore', { version: step.version })) this.go(this.recording.last, { follow: true });
};

App.prototype.edit = function edit(tokens, value) {
  let text = '';
  try {
    text = toJson(value);
  } catch (problem) {
    if (!(problem instanceof NotJson)) throw problem;
  }
  const area = h('textarea', { value: text, rows: 12, spellcheck: false, 'aria-label': 'The new value as JSON' });
  const path = pointerOf(tokens);
  const save = async () => {
    if (await this.live.send('edit', { path, value: area.value })) { dialog.close(); this.go(this.recording.last, { follow: true }); }
  };
  const dialog = openDialog('Change a value', h('p', {}, plain(path, 'path')), area,
      h('div', { className: 'buttons' }, h('button', { type: 'button', className: 'primary', onclick: save }, 'Commit')));
};
