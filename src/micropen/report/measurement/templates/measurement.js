// One choice of zone and photograph for the whole page.
const data = JSON.parse(document.getElementById("data").textContent);
const picker = document.getElementById("zone");
const parts = [];

function choose({ zone, photo }) {
  if (zone && data.zones[zone]) {
    picker.value = zone;
    for (const part of parts) part.update(zone);
  }
  if (photo) for (const part of parts) if (part.show) part.show(photo);
}

// Start where most was found to change; a cheek, the largest part, where several are alike.
function startZone() {
  const changes = (zone) => Object.values(data.series[zone] || {}).flat().filter((p) => p.kind === "real").length + (zone.startsWith("cheek") ? 0.5 : 0);
  return Object.keys(data.zones).reduce((best, zone) => (changes(zone) > changes(best) ? zone : best));
}

if (picker) {
  parts.push(makeTrends(data, choose));
  if (data.photos.length) parts.push(makeViewer(data, choose));
  makeTable();
  picker.addEventListener("change", () => choose({ zone: picker.value }));
  document.getElementById("zone-choice").hidden = false;
  choose({ zone: startZone() });
}
