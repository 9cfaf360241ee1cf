// Filters of the table of readings.
function makeTable() {
  const by = (name) => document.getElementById(`by-${name}`);
  const choices = ["photo", "method", "zone", "verdict"];

  function apply() {
    let shown = 0;
    for (const body of document.querySelectorAll("#readings tbody")) {
      let any = 0;
      const wanted = !by("photo").value || body.dataset.photo === by("photo").value;
      for (const row of body.querySelectorAll("tr[data-method]")) {
        row.hidden = !wanted || choices.slice(1).some((name) => by(name).value && row.dataset[name] !== by(name).value);
        any += row.hidden ? 0 : 1;
      }
      body.hidden = !any;
      shown += any;
    }
    for (const box of document.querySelectorAll(".glance")) box.hidden = Boolean(by("photo").value) && box.dataset.photo !== by("photo").value;
    document.getElementById("count").textContent = shown === 1 ? "1 reading" : `${shown} readings`;
  }

  for (const name of choices) by(name).addEventListener("change", apply);
  document.getElementById("filters").hidden = false;
  document.getElementById("photo-choice").hidden = false;
  apply();
}
