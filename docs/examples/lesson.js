// What the page itself does: check an answer, offer actions of its own, and follow what cards and help suggest.
"use strict";

const form = document.getElementById("exercise");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const answer = new FormData(form).get("answer").replace(/[\s*]/g, "");
  const right = ["6(3x+1)", "18x+6", "2(3x+1)3"].includes(answer);
  document.getElementById("verdict").textContent = right ? "Yes." : "Not yet: which one is the outer function?";
});

// The engine may be away; the page works without it.
window.tactful?.actions([
  { id: "exercise", label: "To the exercise", keywords: ["practise", "try"], run: () => form.scrollIntoView() },
]);

document.addEventListener("tactful:action", (event) => {
  if (event.detail.from === "palette") return;
  const example = document.querySelector("details");
  example.open = true;
  example.scrollIntoView();
});
