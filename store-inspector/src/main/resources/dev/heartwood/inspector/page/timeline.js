// The timeline: one mark a commit, or one bar for many where there are more commits than room. Coloured by author.

// The last colour is for commits without an author.
const COLOURS = 9;
const colourOf = number => (number < 0 ? COLOURS - 1 : number % (COLOURS - 1));

class Timeline {
  constructor(app) {
    this.app = app;
    this.element = $('timeline');
    this.canvas = $('marks');
    this.lanes = false;
    new ResizeObserver(() => this.draw()).observe(this.element);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
    this.element.addEventListener('pointerdown', event => {
      if (event.button !== 0) return;
      this.element.setPointerCapture(event.pointerId);
      this.element.focus();
      this.seek(event);
    });
    this.element.addEventListener('pointermove', event => {
      if (event.buttons & 1) this.seek(event);
      this.hint(event);
    });
    this.element.addEventListener('pointerleave', () => { $('hint').hidden = true; });
    this.element.addEventListener('keydown', event => {
      const { at, recording } = this.app;
      const leap = Math.max(1, Math.round(recording.last / 20));
      const to = {
        ArrowLeft: at - 1, ArrowRight: at + 1, ArrowDown: at - 1, ArrowUp: at + 1,
        PageUp: at + leap, PageDown: at - leap, Home: 0, End: recording.last,
      }[event.key];
      if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      this.app.go(to);
    });
  }

  seek(event) {
    this.app.go(this.indexAt(event));
  }

  indexAt(event) {
    const box = this.element.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    const n = this.app.recording.steps.length;
    return Math.max(0, Math.min(n - 1, Math.floor(share * n)));
  }

  hint(event) {
    const i = this.indexAt(event);
    const hint = $('hint');
    hint.replaceChildren(...this.app.caption(i));
    hint.hidden = false;
    const box = this.element.getBoundingClientRect();
    hint.style.left = `${Math.max(0, Math.min(box.width - hint.offsetWidth, event.clientX - box.left + 12))}px`;
  }

  laneOf(step) {
    return this.lanes ? Math.min(COLOURS - 1, [...this.app.recording.authors.keys()].indexOf(step.author ?? '')) : 0;
  }

  draw() {
    const { recording, at, pinned, compared } = this.app;
    const steps = recording.steps;
    const rows = this.lanes ? Math.min(COLOURS, recording.authors.size) : 1;
    const height = this.lanes ? Math.max(56, rows * 18) : 56;
    const width = this.element.clientWidth;
    const ratio = devicePixelRatio || 1;
    this.element.style.height = `${height}px`;
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    const g = this.canvas.getContext('2d');
    g.scale(ratio, ratio);
    const style = getComputedStyle(document.documentElement);
    const colour = i => style.getPropertyValue(`--author-${colourOf(i)}`);
    const slot = width / steps.length;
    const room = height / rows;
    this.bars(slot, pinned).forEach(bar => {
      const tall = Math.max(this.lanes ? room * 0.5 : 4, (room - 8) * bar.height);
      const floor = (bar.lane + 1) * room - 2;
      let y = floor;
      for (const [author, share, bright] of bar.parts) {
        g.globalAlpha = bright ? 1 : 0.16;
        g.fillStyle = colour(author);
        g.fillRect(bar.x, y - tall * share, bar.width, tall * share);
        y -= tall * share;
      }
    });
    g.globalAlpha = 1;
    if (compared !== null) this.needle(g, compared, slot, height, style.getPropertyValue('--compare'), [4, 3]);
    this.needle(g, at, slot, height, style.getPropertyValue('--accent'), []);
  }

  needle(g, i, slot, height, colour, dashes) {
    const x = Math.round((i + 0.5) * slot) + 0.5;
    g.strokeStyle = colour;
    g.fillStyle = colour;
    g.lineWidth = 2;
    g.setLineDash(dashes);
    g.beginPath();
    g.moveTo(x, 7);
    g.lineTo(x, height);
    g.stroke();
    g.setLineDash([]);
    g.beginPath();
    g.moveTo(x - 5, 0);
    g.lineTo(x + 5, 0);
    g.lineTo(x, 8);
    g.fill();
  }

  /** Marks, or the bars that stand for several: position, height as a share, and the authors' shares of it. */
  bars(slot, pinned) {
    const { steps, authors } = this.app.recording;
    const wide = slot >= 4 ? slot : 4;
    const bins = new Map();
    for (let i = 1; i < steps.length; i++) {
      const lane = this.laneOf(steps[i]);
      const bin = slot >= 4 ? i : Math.floor(i * slot / wide);
      const key = bin * COLOURS + lane;
      if (!bins.has(key)) bins.set(key, { bin, lane, weight: 0, by: new Map() });
      const entry = bins.get(key);
      const weight = Math.log2(2 + steps[i].changes.length);
      const part = authors.get(steps[i].author ?? '') * 2 + (pinned && !pinned.has(i) ? 1 : 0); // dimmed ones are odd
      entry.weight += weight;
      entry.by.set(part, (entry.by.get(part) ?? 0) + weight);
    }
    const most = Math.max(...[...bins.values()].map(entry => entry.weight), 4);
    const gap = wide >= 8 ? 2 : 1;
    return [...bins.values()].map(entry => ({
      x: entry.bin * wide + gap / 2 + Math.max(0, (wide - 14) / 2),
      width: Math.min(12, wide - gap),
      lane: entry.lane,
      height: entry.weight / most,
      parts: [...entry.by].sort((a, b) => a[0] - b[0]).map(([part, weight]) => [part >> 1, weight / entry.weight, (part & 1) === 0]),
    }));
  }
}
