/* The page as the server wrote it goes as soon as the application shows the same page; but not under somebody's hands:
   while they are in it, or have filled in a field of its form, it stays, and does all they need. */
let filledIn = false;
const observer = new MutationObserver(takeOver);
function takeOver() {
  const first = document.getElementById("first");
  const ready = first && document.querySelector("#react-entry-point main");
  if (ready && !filledIn && !first.contains(document.activeElement)) { first.remove(); observer.disconnect(); }
}
observer.observe(document, { childList: true, subtree: true });
document.addEventListener("input", () => { filledIn = true; });
document.addEventListener("focusout", () => setTimeout(takeOver));

/* "Copy citation": the text of the element that the button names. */
document.addEventListener("click", (event) => {
  const named = event.target.closest && event.target.closest("button[data-copies]");
  if (named) navigator.clipboard.writeText(document.getElementById(named.dataset.copies).textContent);
});
