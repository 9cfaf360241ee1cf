// A slider over the pictures of the strip.
const viewer = document.getElementById("viewer");
if (viewer) {
  const days = [...document.querySelectorAll(".strip li")];
  const slider = document.getElementById("picture-day");
  const picture = document.getElementById("picture");
  const still = document.getElementById("picture-today");
  if (still) still.src = days[0].querySelector("img").src;

  function show(k) {
    const image = days[k].querySelector("img");
    const label = days[k].querySelector(".name").textContent;
    picture.src = image.src;
    picture.alt = image.alt;
    const simulated = days[k].dataset.simulated === "true";
    document.getElementById("picture-kind").textContent = simulated ? "Simulated" : "Photograph";
    document.getElementById("picture-label").textContent = label;
    slider.value = k;
    slider.setAttribute("aria-valuetext", image.alt);
    days.forEach((day, i) => day.querySelector("button").setAttribute("aria-current", String(i === k)));
  }

  days.forEach((day, k) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...day.childNodes);
    button.addEventListener("click", () => show(k));
    day.append(button);
  });
  slider.addEventListener("input", () => show(Number(slider.value)));
  document.querySelector(".strip").classList.add("small");
  viewer.hidden = false;
  show(Number(slider.value));
}
