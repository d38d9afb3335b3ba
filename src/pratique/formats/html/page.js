"use strict";
const ranks = { UNKNOWN: 0, LOW: 1, MEDIUM: 2, HIGH: 3, CRITICAL: 4 };
const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
for (const section of document.querySelectorAll("section")) {
  const table = section.querySelector("table.findings");
  if (!table) continue;
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => ({ row, text: row.textContent.toLowerCase() }));
  const shown = section.querySelector(".shown");
  const search = section.querySelector("input[type=search]");
  const fixable = section.querySelector("input.fixable");
  const kinds = [...section.querySelectorAll(".filters input[value]")].filter((box) => box.type === "checkbox" && box !== fixable);
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(kinds.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const { row, text } of rows) {
      const keep = wanted.has(row.dataset.kind) && (!fixable.checked || row.dataset.fixed === "1") && words.every((word) => text.includes(word));
      row.hidden = !keep;
      count += keep;
    }
    shown.textContent = `${count} of ${rows.length}`;
  };
  const sort = (head) => {
    const column = head.cellIndex;
    const down = head.getAttribute("aria-sort") === "ascending" || (column === 0 && head.getAttribute("aria-sort") === "none");
    for (const other of head.parentNode.cells) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const value = (row) => row.cells[column].textContent;
    const by = column === 0 ? (a, b) => ranks[value(a.row)] - ranks[value(b.row)] : (a, b) => order.compare(value(a.row), value(b.row));
    rows.sort((a, b) => (down ? -by(a, b) : by(a, b)));
    body.append(...rows.map(({ row }) => row));
  };
  for (const head of table.tHead.rows[0].cells) {
    head.addEventListener("click", () => sort(head));
    head.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); sort(head); } });
  }
  for (const input of section.querySelectorAll(".filters input")) input.addEventListener("input", filter);
  filter();
}
