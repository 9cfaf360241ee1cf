// One part of the face at a time.
const zonePicker = document.getElementById("zone");
if (zonePicker && zonePicker.options.length > 1) {
  const boxes = [...document.querySelectorAll(".zone")];
  document.getElementById("zone-choice").hidden = false;
  for (const name of document.querySelectorAll(".zone-name")) name.classList.add("quiet");
  zonePicker.addEventListener("change", () => {
    for (const box of boxes) box.hidden = box.dataset.zone !== zonePicker.value;
  });
  zonePicker.dispatchEvent(new Event("change"));
}
