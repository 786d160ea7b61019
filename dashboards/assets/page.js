/* A page that the server writes has with it what the application will ask for: it is answered from there, without a
   request of its own. */
const ask = window.fetch;
window.fetch = (address, options) => {
  const told = document.getElementById("told");
  const isThere = told && String(address).includes("/_dash-update-component") && isOf(location, JSON.parse(options.body));
  if (!isThere) return ask(address, options);
  told.remove();
  return Promise.resolve(new Response(told.textContent, { headers: { "Content-Type": "application/json" } }));
};
function isOf({ pathname, search }, { inputs }) {
  const asked = Object.fromEntries(inputs.map(({ id, property, value }) => [`${id}.${property}`, value]));
  return pathname + search === shownAt && asked["_pages_location.pathname"] === pathname && asked["_pages_location.search"] === search;
}

/* The page as the server wrote it goes as soon as the application shows the same page; but not under somebody's hands:
   while they are in it, or have filled in a field of its form, it stays, and does all they need. */
let filledIn = false, shownAt = location.pathname + location.search, asking = null;
const observer = new MutationObserver(takeOver);
function takeOver() {
  const first = document.getElementById("first");
  const shown = document.querySelector("#react-entry-point main");
  const isSame = first && shown && shown.dataset.page === first.querySelector("main").dataset.page;
  if (!isSame || filledIn || first.contains(document.activeElement)) return;
  first.remove();
  observer.disconnect();
  if (first.dataset.begun) document.querySelector(".filters button")?.focus({ preventScroll: true });
}
observer.observe(document, { childList: true, subtree: true });
document.addEventListener("input", () => { filledIn = true; });
document.addEventListener("focusout", () => setTimeout(takeOver));

/* "Show": the next page, too, is shown as the server writes it until the application, whose scripts need not start
   again, shows the same. Of two choices in a row the later one counts. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches(".filters") || form.closest("#first")) return;
  event.preventDefault();
  const choices = [...new FormData(form)].filter(([, value]) => value);
  const address = `${location.pathname}?${new URLSearchParams(choices)}`;
  asking?.abort();
  const mine = asking = new AbortController();
  try {
    const text = await (await fetch(address, { signal: mine.signal })).text();
    const page = new DOMParser().parseFromString(text, "text/html");
    const [first, told] = ["first", "told"].map((id) => page.getElementById(id));
    first.dataset.begun = "here";
    ["first", "told"].forEach((id) => document.getElementById(id)?.remove());
    document.getElementById("react-entry-point").before(first, told);
  } catch {
    if (!mine.signal.aborted) location.href = address;
    return;
  }
  // The reader sees it before the application gets to work, which takes longer than to write it.
  await new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(seen))));
  if (mine.signal.aborted) return;
  filledIn = false;
  history.pushState({}, "", address);
  shownAt = address;
  observer.observe(document, { childList: true, subtree: true });
  window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  takeOver();
});

/* "Back", before the application has taken over: the page that the server wrote is of another address then. */
addEventListener("popstate", () => {
  if (document.getElementById("first") && location.pathname + location.search !== shownAt) location.reload();
});

/* "Copy citation": the text of the element that the button names. */
document.addEventListener("click", (event) => {
  const named = event.target.closest && event.target.closest("button[data-copies]");
  if (named) navigator.clipboard.writeText(document.getElementById(named.dataset.copies).textContent);
});

/* "Picture": the chart as PNG on white, with the page's title above and what its caption says (source, days, when it was
   read) below, so that it stays true wherever it is pasted. */
function wrapped(text, most) {
  return text.split(/\s+/).reduce((lines, word) => {
    const last = lines[lines.length - 1];
    if (last && (last + " " + word).length <= most) lines[lines.length - 1] = last + " " + word; else lines.push(word);
    return lines;
  }, []);
}
function escaped(text) { return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;"); }
document.addEventListener("click", async (event) => {
  const button = event.target.closest && event.target.closest("button[data-pictures]");
  if (!button) return;
  const chart = document.getElementById(button.dataset.pictures).querySelector(".js-plotly-plot");
  const figure = button.closest("figure");
  const told = [...document.querySelectorAll(".moment"), ...figure.querySelectorAll("figcaption p")].map((part) => {
    const copy = part.cloneNode(true);
    copy.querySelectorAll("a").forEach((link) => link.remove());
    return copy.textContent.replace(/[\s·]+$/, "");
  });
  const key = [...figure.parentElement.querySelectorAll(".legend .status, .series li")].map((entry) => {
    const drawn = entry.querySelector("path");
    const status = `--status-${[...entry.classList].filter((name) => name !== "status")}`;
    const colour = drawn ? drawn.getAttribute("stroke") : getComputedStyle(entry).getPropertyValue(status);
    const swatch = entry.querySelector("[data-sign]");
    const sign = swatch ? swatch.dataset.sign : { partial: "▨", closed: "▩", unknown: "▤" }[entry.classList[1]] || "■";
    return `<span style="color:${colour}">${sign}</span> ${escaped(entry.textContent)}`;
  });
  const marks = [...figure.parentElement.querySelectorAll(".marks")].flatMap((one) => wrapped(one.textContent, 150));
  const events = [...figure.parentElement.querySelectorAll(".events li")].map((one, at) => `${at + 1}. ${one.textContent}`);
  const below = [...key, ...[...marks, ...events].map(escaped), ...wrapped([...told, location.href].join(" "), 150).map(escaped)];
  const title = [document.querySelector("h1").textContent, document.title.split(" · ").pop()].join(" · ");
  const layout = JSON.parse(JSON.stringify(chart.layout));
  const height = chart.offsetHeight + 60 + 16 * below.length;
  layout.margin = { ...layout.margin, t: layout.margin.t + 40, b: layout.margin.b + 20 + 16 * below.length };
  layout.annotations = (layout.annotations || []).concat({
    xref: "paper", yref: "paper", x: 0, y: 0, xanchor: "left", yanchor: "top", yshift: -45, align: "left",
    showarrow: false, text: below.join("<br>"), font: { size: 11, color: "#4c5b68" },
  });
  Object.assign(layout, { paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff", width: 1200, height,
    title: { text: escaped(title), x: 0.01, xanchor: "left", y: 1, yref: "container", yanchor: "top", pad: { t: 12 } } });
  const picture = await Plotly.toImage({ data: chart.data, layout }, { format: "png", width: 1200, height, scale: 2 });
  const link = document.createElement("a");
  link.download = title.replace(/[^\p{L}\p{N}]+/gu, "-") + ".png";
  link.href = picture;
  link.click();
});

/* A figure's page opens over the page that leads to it, as the server writes it; where that fails, the link is followed.
   Of two figures asked for in a row the later one counts, and none is shown that was closed before it came. */
let wanted = 0;
async function showEvidence(address) {
  const panel = document.getElementById("evidence"), mine = ++wanted;
  let page;
  try {
    const answer = await fetch(address);
    page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("content");
  } catch { if (mine === wanted) location.href = address; return; }
  if (mine !== wanted) return;
  panel.lastElementChild.replaceChildren(...page.childNodes);
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
}
document.addEventListener("close", () => { wanted++; }, true);
document.addEventListener("click", (event) => {
  const link = event.target.closest && event.target.closest("a[href^='/figure/']:not(.permanent)");
  const plain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const onItsOwnPage = location.pathname.startsWith("/figure/");
  if (link && plain && !onItsOwnPage) { event.preventDefault(); showEvidence(link.getAttribute("href")); }
  if (event.target.id === "evidence") {  // a click beside it
    const box = event.target.getBoundingClientRect(), { clientX: x, clientY: y } = event;
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) event.target.close();
  }
});

/* A point or bar of a chart leads to its figure, in the language and as of the moment of the page; the table below it has
   the same links. */
new MutationObserver(() => {
  for (const chart of document.querySelectorAll(".js-plotly-plot:not([data-leads])")) {
    if (!chart.on) continue;
    chart.dataset.leads = "";
    chart.on("plotly_click", (event) => {
      const observation = event.points[0].customdata;
      const asked = new URLSearchParams(location.search);
      const carried = new URLSearchParams([...asked].filter(([name]) => ["lang", "as_of", "published_by"].includes(name)));
      if (observation) showEvidence(`/figure/${observation}${carried.size ? `?${carried}` : ""}`);
    });
  }
}).observe(document, { childList: true, subtree: true });
