// Filters: they act on the figures and on the table alike.
const choices = ["role", "verdict", "family", "origin"].map((name) => document.getElementById(`by-${name}`));
const search = document.getElementById("by-text");
const items = [...document.querySelectorAll("[data-role]")];

function wanted(item) {
  const words = search.value.trim().toLowerCase();
  return (
    choices.every((choice) => !choice || !choice.value || item.dataset[choice.id.slice(3)] === choice.value) &&
    (!words || item.dataset.text.includes(words))
  );
}

function apply() {
  let shown = 0;
  for (const item of items) {
    item.hidden = !wanted(item);
    if (!item.hidden && item.matches(".strip")) shown += 1;
  }
  for (const box of [...document.querySelectorAll(".panel"), ...document.querySelectorAll(".family")]) {
    box.hidden = !box.querySelector(".strip:not([hidden])");
  }
  const total = items.filter((item) => item.matches(".strip")).length;
  document.getElementById("count").textContent = `${shown} of ${total} rows`;
}

// Some browsers tell of a choice by one event, some by the other.
for (const choice of [...choices, search]) {
  if (choice) for (const event of ["input", "change"]) choice.addEventListener(event, apply);
}
document.getElementById("tools").hidden = false;
apply();
