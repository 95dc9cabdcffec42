// The curves of all sessions: grey for context, the least engaged in colour, a dashed line where something was noticed.

const SECONDS = 15 * 60;
// Of younger sessions less is shown, but not less than this.
const FEWEST = 3 * 60;
// A stretch that is told is ten seconds long; a longer silence is a gap.
const STRETCH = 15;
const COLOURS = ["--first", "--second", "--third"];

/** Curves by second over the last quarter of an hour, drawn by uPlot. */
export class Curves {
  constructor(place, titles) {
    this.place = place;
    this.titles = titles;
    this.paused = false;
    this.end = 0;
    this.series = new Map();
    this.last = new Map();
    this.marks = new Map();
    this.lowest = [];
    this.names = [];
    this.plot = null;
    this.due = false;
    new ResizeObserver(() => this.resize()).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.rebuild());
  }

  /** Everything that is known from before. told: name -> [second, value] pairs, oldest first. */
  begin(told) {
    for (const [name, points] of Object.entries(told)) {
      this.own(name);
      for (const [at, value] of points) this.put(name, at, value);
    }
    this.draw();
  }

  /** Only these sessions run. */
  only(names) {
    for (const name of this.series.keys()) {
      if (!names.includes(name)) [this.series, this.last].forEach((each) => each.delete(name));
    }
    names.forEach((name) => this.own(name));
    this.draw();
  }

  own(name) {
    if (!this.series.has(name)) this.series.set(name, new Map());
  }

  /** A value at a second; between it and the one before, a straight line. */
  put(name, at, value) {
    const points = this.series.get(name);
    if (points === undefined) return;
    const second = Math.round(at);
    const [before, was] = this.last.get(name) ?? [second, null];
    if (second < before) return;
    if (value !== null && was !== null && second - before <= STRETCH) {
      for (let each = before + 1; each < second; each++) {
        points.set(each, was + ((value - was) * (each - before)) / (second - before));
      }
    }
    points.set(second, value);
    this.last.set(name, [second, value]);
    this.end = Math.max(this.end, second);
  }

  mark(key, at, name, word, tone) {
    this.marks.set(key, { at, name, word, tone });
    this.draw();
  }

  /** The sessions that are in colour, the least engaged first. */
  colour(names) {
    if (names.join("\n") === this.lowest.join("\n")) return;
    this.lowest = names;
    this.rebuild();
  }

  pause(paused) {
    this.paused = paused;
    this.draw();
  }

  /** Draw once before the next picture, however much has come. */
  draw() {
    if (this.due || this.paused) return;
    this.due = true;
    requestAnimationFrame(() => {
      this.due = false;
      if (this.paused) return;
      this.forget();
      if (this.order().join("\n") !== this.names.join("\n")) this.rebuild();
      else this.plot?.setData(this.data());
    });
  }

  forget() {
    const old = this.end - SECONDS;
    for (const points of this.series.values()) {
      for (const second of points.keys()) if (second < old) points.delete(second);
    }
    for (const [key, mark] of this.marks) if (mark.at < old) this.marks.delete(key);
  }

  /** Names in the order of drawing: those in colour last, over the others. */
  order() {
    const coloured = this.lowest.filter((name) => this.series.has(name)).reverse();
    return [...[...this.series.keys()].filter((name) => !coloured.includes(name)), ...coloured];
  }

  data() {
    const oldest = Math.min(...[...this.series.values()].map((points) => points.keys().next().value ?? this.end));
    const many = Math.min(SECONDS, Math.max(FEWEST, this.end - oldest));
    const start = this.end - many;
    const seconds = Array.from({ length: many + 1 }, (_, place) => start + place);
    return [seconds, ...this.names.map((name) => seconds.map((each) => this.series.get(name).get(each) ?? null))];
  }

  rebuild() {
    if (this.end === 0) return;
    this.names = this.order();
    const place = this.place;
    const fresh = document.createElement("div");
    const plot = new uPlot(this.options(), this.data(), fresh);
    this.plot?.destroy();
    place.replaceChildren(fresh);
    this.plot = plot;
    this.resize();
  }

  resize() {
    const { clientWidth, clientHeight } = this.place;
    if (this.plot !== null && clientWidth > 0) this.plot.setSize({ width: clientWidth, height: clientHeight });
  }

  options() {
    const style = getComputedStyle(this.place);
    const colour = (name) => this.resolved(style, name);
    const grid = { stroke: colour("--grid"), width: 1 };
    const axis = { stroke: colour("--faint"), grid, ticks: { show: false }, font: "12px system-ui, sans-serif" };
    return {
      width: this.place.clientWidth || 600,
      height: this.place.clientHeight || 280,
      padding: [16, 30, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
      scales: { y: { range: [0, 1] } },
      axes: [
        { ...axis, size: 36, gap: 10, space: 90, values: [[3600, "{HH}:{mm}"], [60, "{HH}:{mm}"], [1, "{HH}:{mm}:{ss}"]] },
        { ...axis, size: 48, values: (_, splits) => splits.map((each) => `${Math.round(100 * each)} %`) },
      ],
      series: [{}, ...this.names.map((name) => this.line(name, colour))],
      hooks: { draw: [(plot) => this.drawMarks(plot, colour)] },
    };
  }

  line(name, colour) {
    const place = this.lowest.indexOf(name);
    const stroke = colour(place < 0 ? "--context" : COLOURS[place]);
    return { label: this.titles(name), stroke, width: place < 0 ? 1 : 2, points: { show: false } };
  }

  /** A colour as a canvas takes it. */
  resolved(style, name) {
    const probe = document.createElement("canvas").getContext("2d");
    const told = style.getPropertyValue(name).trim();
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const [, light, night] = /^light-dark\(([^,]+),([^)]+)\)$/.exec(told) ?? [null, told, told];
    probe.fillStyle = (dark ? night : light).trim();
    return probe.fillStyle;
  }

  drawMarks(plot, colour) {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio || 1;
    ctx.save();
    ctx.font = `${11 * ratio}px system-ui, sans-serif`;
    // The axes have set these for their own words.
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    let free = -Infinity;
    for (const { at, name, tone } of [...this.marks.values()].sort((a, b) => a.at - b.at)) {
      const x = plot.valToPos(at, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width || !this.series.has(name)) continue;
      ctx.strokeStyle = ctx.fillStyle = colour(tone === "low" ? "--faint" : `--${tone}`);
      ctx.lineWidth = ratio;
      ctx.setLineDash([4 * ratio, 3 * ratio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const word = this.titles(name);
      const width = ctx.measureText(word).width;
      const left = Math.min(x - width / 2, bbox.left + bbox.width - width);
      if (left > free) {
        ctx.fillText(word, left, bbox.top - 4 * ratio);
        free = left + width + 8 * ratio;
      }
    }
    ctx.restore();
  }
}
