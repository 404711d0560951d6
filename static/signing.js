// Takes a signature drawn with a finger, a pen or a mouse, beside the typed one, which is always enough.
// What is drawn goes as strokes of whole numbers, "M10 20 L30 40", into the hidden field of its pad.
const WIDTH = 600;
const HEIGHT = 200;
const LONGEST = 24000;
const MOST_STROKES = 200;
// How far apart the points of a stroke are, at least: further where it would be too long otherwise.
const APART = [2, 3, 4, 6, 9, 14, 20, 40, 80, 160, 320, 640];

const isFar = (point, last, apart) => Math.hypot(point[0] - last[0], point[1] - last[1]) >= apart;
const thinned = (stroke, apart) => {
  const kept = [stroke[0]];
  for (const point of stroke.slice(1)) if (isFar(point, kept.at(-1), apart)) kept.push(point);
  const end = stroke.at(-1);
  if (kept.length === 1 || isFar(end, kept.at(-1), 1)) kept.push(end);
  return kept;
};
const written = (strokes) => {
  let text = "";
  for (const apart of APART) {
    const steps = strokes.flatMap((stroke) => thinned(stroke, apart).map(([x, y], place) => `${place ? "L" : "M"}${x} ${y}`));
    text = steps.join(" ");
    if (text.length <= LONGEST) break;
  }
  return text;
};
const readFrom = (text) => {
  const strokes = [];
  for (const [, letter, x, y] of text.matchAll(/([ML])(\d{1,3}) (\d{1,3})/g)) {
    if (letter === "M") strokes.push([]);
    strokes.at(-1)?.push([Number(x), Number(y)]);
  }
  return strokes;
};
const within = (value, most) => Math.min(Math.max(Math.round(value), 0), most);

for (const pad of document.querySelectorAll("[data-draw]")) {
  const kept = pad.querySelector("input");
  const box = pad.querySelector("svg");
  const line = box.querySelector("path");
  const clear = pad.querySelector("button");
  const status = pad.querySelector("[data-drawn]");
  let strokes = [];
  let drawing = null;

  const show = () => {
    kept.value = written(strokes);
    line.setAttribute("d", kept.value);
    clear.hidden = !strokes.length;
    box.setAttribute("aria-label", strokes.length ? status.dataset.drawn : status.dataset.notDrawn);
  };
  // What the page came back with, after an error or by the Back button, is drawn again.
  const restore = () => {
    strokes = readFrom(kept.value);
    show();
  };
  const pointAt = (event) => {
    const place = box.getBoundingClientRect();
    return [
      within(((event.clientX - place.left) / place.width) * WIDTH, WIDTH),
      within(((event.clientY - place.top) / place.height) * HEIGHT, HEIGHT),
    ];
  };
  box.addEventListener("pointerdown", (event) => {
    // A second finger, the palm beside a pen and the other buttons of a mouse draw nothing.
    if (!event.isPrimary || event.button !== 0 || strokes.length >= MOST_STROKES) return;
    event.preventDefault();
    box.setPointerCapture(event.pointerId);
    drawing = event.pointerId;
    status.textContent = "";
    strokes.push([pointAt(event)]);
    show();
  });
  box.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drawing) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    strokes.at(-1).push(...(passed.length ? passed : [event]).map(pointAt));
    show();
  });
  const lift = (event) => {
    if (event.pointerId !== drawing) return;
    drawing = null;
    status.textContent = status.dataset.drawn;
  };
  box.addEventListener("pointerup", lift);
  box.addEventListener("pointercancel", lift);
  clear.addEventListener("click", () => {
    strokes = [];
    show();
    status.textContent = status.dataset.notDrawn;
    // The button is gone: the focus stays with the pad.
    pad.focus();
  });
  window.addEventListener("pageshow", restore);
  restore();
  pad.hidden = false;
}
