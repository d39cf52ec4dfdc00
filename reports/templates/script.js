"use strict";
// The filter: shows all relations, only those that are refuted, or only those that a person must judge. What is
// shown stands in the address (#show=wrong), so that it can be linked to.
const buttons = [...document.querySelectorAll("nav button[data-show]")];

function show(button) {
  const tag = button.dataset.show;
  for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
  const hides = (element) => tag !== "all" && !element.dataset.tags.split(" ").includes(tag);
  for (const element of document.querySelectorAll("[data-tags]")) element.classList.toggle("hidden", hides(element));
  for (const section of document.querySelectorAll("section")) {
    const empty = tag !== "all" && !section.querySelector("ol.relations > li:not(.hidden)");
    section.classList.toggle("hidden", empty);
  }
  const count = document.querySelectorAll("ol.relations > li:not(.hidden)").length;
  document.querySelector("[role=status]").textContent = tag === "all" ? "" : `${count} relations shown`;
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    show(button);
    history.replaceState(null, "", button.dataset.show === "all" ? "#" : `#show=${button.dataset.show}`);
  });
}
const linked = buttons.find((button) => location.hash === `#show=${button.dataset.show}`);
if (linked) show(linked);
