// A link on a card shows that plan in full.
for (const link of document.querySelectorAll("[data-see]")) {
  link.addEventListener("click", () => { document.getElementById(link.dataset.see).checked = true; });
}
