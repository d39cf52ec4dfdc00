"use strict";
// The filter: shows all relations, only those that are wrong, or only those that a person must judge.
for (const button of document.querySelectorAll("nav button[data-show]")) {
  button.addEventListener("click", () => {
    const show = button.dataset.show.split(" ");
    for (const other of document.querySelectorAll("nav button[data-show]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    const hides = (element) => show[0] !== "all" && !show.some((tag) => element.dataset.tags.split(" ").includes(tag));
    for (const element of document.querySelectorAll("[data-tags]")) element.classList.toggle("hidden", hides(element));
    for (const section of document.querySelectorAll("section")) {
      const empty = show[0] !== "all" && !section.querySelector("ol.relations > li:not(.hidden)");
      section.classList.toggle("hidden", empty);
    }
    const status = document.querySelector("[role=status]");
    const count = document.querySelectorAll("ol.relations > li:not(.hidden)").length;
    status.textContent = show[0] === "all" ? "" : `${count} relations shown`;
  });
}
