// Zoom and pan, the same in both pictures: one state, written to the stage as style variables.
function makePlane(stage, { tap, wipeTo }) {
  const most = 8;
  const view = { scale: 1, x: 0, y: 0 };  // x, y: per cent of a pane
  const fingers = new Map();
  let start = null;

  const pane = () => stage.querySelector(".pane").getBoundingClientRect();
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

  function apply() {
    const low = 100 * (1 - view.scale);
    view.x = clamp(view.x, low, 0);
    view.y = clamp(view.y, low, 0);
    stage.style.setProperty("--s", view.scale.toFixed(4));
    stage.style.setProperty("--x", `${view.x.toFixed(3)}%`);
    stage.style.setProperty("--y", `${view.y.toFixed(3)}%`);
    stage.classList.toggle("zoomed", view.scale > 1.01);
    document.getElementById("zoom-reset").textContent = `${view.scale.toFixed(view.scale < 10 && view.scale % 1 ? 1 : 0)}×`;
  }

  // Place of a pointer in its pane, per cent; either pane may be meant.
  function place(event) {
    const panes = [...stage.querySelectorAll(".pane")].map((p) => p.getBoundingClientRect());
    const box = panes.find((b) => event.clientX >= b.left && event.clientX <= b.right) || panes[0];
    return [100 * (event.clientX - box.left) / box.width, 100 * (event.clientY - box.top) / box.height];
  }

  function zoomAt(factor, [px, py]) {
    const before = view.scale;
    view.scale = clamp(before * factor, 1, most);
    const ratio = view.scale / before;
    view.x = px - (px - view.x) * ratio;
    view.y = py - (py - view.y) * ratio;
    apply();
  }

  function move(dx, dy) {
    view.x += dx;
    view.y += dy;
    apply();
  }

  function pinchState() {
    const [one, two] = [...fingers.values()];
    const middle = { clientX: (one.clientX + two.clientX) / 2, clientY: (one.clientY + two.clientY) / 2 };
    return { width: Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY), middle };
  }

  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest(".zoom")) return;
    fingers.set(event.pointerId, event);
    const wiping = Boolean(event.target.closest(".wipe")) || (view.scale <= 1.01 && stage.dataset.mode === "wipe");
    if (fingers.size === 1) start = { event, target: event.target, wiping, moved: false };
    else if (start) Object.assign(start, { wiping: false, moved: true });
  });

  stage.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId) || !start) return;
    const last = fingers.get(event.pointerId);
    const before = fingers.size === 2 ? pinchState() : null;
    fingers.set(event.pointerId, event);
    if (before) {
      const now = pinchState();
      const box = pane();
      zoomAt(now.width / Math.max(before.width, 1), place(now.middle));
      move(100 * (now.middle.clientX - before.middle.clientX) / box.width, 100 * (now.middle.clientY - before.middle.clientY) / box.height);
      return;
    }
    if (!start.moved && Math.hypot(event.clientX - start.event.clientX, event.clientY - start.event.clientY) < 5) return;
    if (!start.moved) {
      start.moved = true;
      stage.setPointerCapture(event.pointerId);
    }
    const box = pane();
    if (start.wiping) wipeTo(100 * (event.clientX - box.left) / box.width);
    else move(100 * (event.clientX - last.clientX) / box.width, 100 * (event.clientY - last.clientY) / box.height);
  });

  for (const name of ["pointerup", "pointercancel"]) {
    stage.addEventListener(name, (event) => {
      if (!fingers.delete(event.pointerId)) return;
      if (name === "pointerup" && start && !start.moved) tap(start.target);
      if (!fingers.size) start = null;
    });
  }

  // The page scrolls on, unless the wheel is meant for the picture.
  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey && view.scale <= 1.01) return;
    event.preventDefault();
    zoomAt(Math.exp(-event.deltaY * (event.ctrlKey ? 0.006 : 0.002)), place(event));
  }, { passive: false });

  stage.addEventListener("keydown", (event) => {
    if (event.target !== stage) return;
    const step = { ArrowLeft: [8, 0], ArrowRight: [-8, 0], ArrowUp: [0, 8], ArrowDown: [0, -8] }[event.key];
    if (event.key === "+" || event.key === "=") zoomAt(1.4, [50, 50]);
    else if (event.key === "-") zoomAt(1 / 1.4, [50, 50]);
    else if (event.key === "0") reset();
    else if (step && view.scale > 1.01) move(...step);
    else return;
    event.preventDefault();
  });

  function reset() {
    Object.assign(view, { scale: 1, x: 0, y: 0 });
    apply();
  }

  document.getElementById("zoom-in").addEventListener("click", () => zoomAt(1.6, [50, 45]));
  document.getElementById("zoom-out").addEventListener("click", () => zoomAt(1 / 1.6, [50, 45]));
  document.getElementById("zoom-reset").addEventListener("click", reset);
  apply();
}
