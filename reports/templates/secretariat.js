
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("datos").textContent);
  const byId = (id) => document.getElementById(id);
  const STEP = 50;
  const SIGNS = { verde: "●", amarillo: "▲", rojo: "■", azul: "◆", "sin programar": "○" };
  const NONE = "(ninguna)";
  const BAND = 19;
  const SETTLED = 60; // milliseconds: tables answer at once, charts when a word is typed
  const OF_UNIT = [...document.querySelectorAll("[data-ur]")].map((row) => [row, row.dataset.ur]);
  const OF_STRATEGY = [...document.querySelectorAll("[data-estrategia]")].map((row) => [row, row.dataset.estrategia]);
  const FILTERS = { ur: byId("filtro-ur"), estrategia: byId("filtro-estrategia"), luz: byId("filtro-luz"), texto: byId("filtro-texto") };
  const numbers = new Intl.NumberFormat("es-MX", { maximumFractionDigits: 2 });
  const collator = new Intl.Collator("es", { numeric: true });
  const views = {};
  let found = data.actividades;
  let shown = STEP;
  let order = null;
  let drawing = 0;

  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const words = (text) => plain(text).split(/[^\p{L}\p{N}.-]+/u).filter(Boolean);
  // Words are sought by how they begin.
  for (const one of data.actividades) {
    one.buscado = ["", ...words([one.ur, one.unidad, one.no, one.texto, one.estrategia, one.medida].join(" "))].join(" ");
  }

  // Texts of units enter the page as text only, never as markup.
  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  const figure = (value) => (value === null ? "—" : numbers.format(value));
  const percent = (value) => (value === null ? "—" : `${numbers.format(Math.round(value * 1000) / 10)}\u00a0%`);

  function light(name) {
    const chip = element("span", { class: `luz is-${name.replace(" ", "-")}` }, element("span", { "aria-hidden": "true" }, SIGNS[name]));
    chip.append(` ${name[0].toUpperCase()}${name.slice(1)}`);
    return chip;
  }

  // A figure over the cells that it comes from: of several, each with what it says.
  function sourced(value, cells) {
    const known = (cells || []).filter(([, cell]) => cell);
    const told = known.map(([said, cell]) => (known.length > 1 ? `${cell}\u00a0(${said === null ? "vacía" : figure(said)})` : cell));
    const shownValue = element("td", { class: "num" }, figure(value));
    if (told.length) shownValue.append(element("span", { class: "cell" }, told.join(" · ")));
    return shownValue;
  }

  const first = (cells) => (cells && cells.length ? cells[0][0] : null);
  const COLUMNS = [
    ["UR", (a) => a.ur, (a) => element("th", { scope: "row" }, a.ur)],
    ["No.", (a) => a.no, (a) => element("td", { class: "num" }, figure(a.no))],
    ["Actividad", (a) => a.texto, (a) => {
      const cell = element("td", { class: "about" }, a.texto);
      cell.append(element("br", {}), element("span", { class: "cell" }, [a.libro, a.hoja && `hoja «${a.hoja}»`].filter(Boolean).join(", ")));
      return cell;
    }],
    ["Estrategia", (a) => a.estrategia, (a) => element("td", {}, a.estrategia || "—")],
    ["Monto asignado", (a) => first(a.celdas.monto), (a) => sourced(first(a.celdas.monto), a.celdas.monto)],
    ["Meta anual", (a) => first(a.celdas.meta), (a) => {
      const cell = sourced(first(a.celdas.meta), a.celdas.meta);
      cell.append(element("span", { class: "cell" }, a.medida));
      return cell;
    }],
    ["Programado a la fecha", (a) => a.programado, (a) => sourced(a.programado, a.celdas.programado)],
    ["Realizado a la fecha", (a) => a.realizado, (a) => {
      const cell = sourced(a.realizado, a.celdas.realizado);
      if (a.lectura !== "suma") cell.append(element("span", { class: "cell" }, `se toma el ${a.lectura}`));
      return cell;
    }],
    ["Cumplimiento", (a) => a.cumplimiento, (a) => element("td", { class: "num" }, percent(a.cumplimiento))],
    ["Semáforo", (a) => a.luz, (a) => element("td", {}, light(a.luz))],
  ];
  const NUMBERS = new Set([1, 4, 5, 6, 7, 8]);

  function activityTable(rows, columns, caption) {
    const head = element("tr", {});
    for (const column of columns) {
      head.append(element("th", { scope: "col", class: NUMBERS.has(column) ? "num" : "" }, COLUMNS[column][0]));
    }
    const body = element("tbody", {});
    for (const row of rows) body.append(element("tr", {}, ...columns.map((column) => COLUMNS[column][2](row))));
    const table = element("table", {}, element("thead", {}, head), body);
    if (caption) table.prepend(element("caption", {}, caption));
    return table;
  }

  // Empty values come last, whichever way.
  function compare(a, b, direction) {
    const missing = [a, b].map((value) => value === null || value === "" || value === "—");
    if (missing[0] || missing[1]) return missing[0] - missing[1];
    return direction * (typeof a === "number" ? a - b : collator.compare(a, b));
  }

  function sortable(head, sort) {
    // No button element: in print, browsers leave out heads that hold one from the pages after the first.
    const button = element("span", { role: "button", tabindex: "0", class: "sort" }, ...head.childNodes);
    head.replaceChildren(button);
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      button.click();
    });
    button.addEventListener("click", () => {
      const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of head.parentElement.children) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
      sort(direction);
    });
  }

  function sortRows(table, column, numeric, direction) {
    const body = table.tBodies[0];
    for (const button of table.querySelectorAll("button.open[aria-expanded=true]")) toggle(button);
    const value = (row) => {
      const cell = row.cells[column];
      const text = cell.dataset.value ?? cell.textContent.trim();
      return numeric && text !== "" && text !== "—" ? Number(text.replaceAll(",", "")) : text;
    };
    const keyed = [...body.rows].map((row) => [value(row), row]);
    keyed.sort((a, b) => compare(a[0], b[0], direction));
    body.append(...keyed.map(([, row]) => row));
  }

  function toggle(button) {
    const row = button.closest("tr");
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) row.nextElementSibling.remove();
    else row.after(detail(row));
  }

  function detail(row) {
    const ur = row.dataset.ur;
    const rows = found.filter((one) => one.ur === ur);
    const all = data.actividades.filter((one) => one.ur === ur).length;
    const caption = rows.length === all ? `Actividades de la UR ${ur}` : `Actividades de la UR ${ur}: ${rows.length} de ${all}, según los filtros`;
    const cell = element("td", { colspan: String(row.cells.length) }, activityTable(rows, [1, 2, 3, 4, 5, 6, 7, 8, 9], caption));
    return element("tr", { class: "detail" }, cell);
  }

  function results() {
    const rows = order ? [...found].sort((a, b) => compare(COLUMNS[order.column][1](a), COLUMNS[order.column][1](b), order.direction)) : found;
    const columns = COLUMNS.map((_, column) => column);
    const caption = found.length ? `${figure(Math.min(shown, found.length))} de ${figure(found.length)} actividades` : "Ninguna actividad cumple los filtros";
    const table = activityTable(rows.slice(0, shown), columns, caption);
    columns.forEach((column, place) => {
      const head = table.tHead.rows[0].cells[place];
      if (order && order.column === column) head.setAttribute("aria-sort", order.direction === 1 ? "ascending" : "descending");
      sortable(head, (direction) => {
        order = { column, direction };
        results();
        byId("resultados").querySelectorAll(".sort")[place].focus();
      });
    });
    byId("resultados").replaceChildren(table);
    byId("mas").hidden = found.length <= shown;
  }

  function apply() {
    const wanted = { ur: FILTERS.ur.value, estrategia: FILTERS.estrategia.value, luz: FILTERS.luz.value };
    const sought = words(FILTERS.texto.value);
    const narrowed = wanted.estrategia || wanted.luz || sought.length;
    found = data.actividades.filter((one) =>
      (!wanted.ur || one.ur === wanted.ur) &&
      (!wanted.estrategia || (one.estrategia || NONE) === wanted.estrategia) &&
      (!wanted.luz || one.luz === wanted.luz) &&
      sought.every((word) => one.buscado.includes(` ${word}`)));
    const units = new Set(found.map((one) => one.ur));
    const strategies = new Set(found.map((one) => one.estrategia || NONE));
    const unitShown = (ur) => (narrowed ? units.has(ur) : !wanted.ur || ur === wanted.ur);
    const strategyShown = (name) => !(narrowed || wanted.ur) || strategies.has(name);
    for (const button of document.querySelectorAll("button.open[aria-expanded=true]")) toggle(button);
    for (const [row, ur] of OF_UNIT) hide(row, !unitShown(ur));
    for (const [row, name] of OF_STRATEGY) hide(row, !strategyShown(name));
    shown = STEP;
    results();
    const visible = document.querySelectorAll("#unidades tbody tr[data-ur]:not([hidden])").length;
    byId("filtrado").textContent = `Se muestran ${figure(visible)} UR y ${figure(found.length)} de ${figure(data.actividades.length)} actividades.`;
    clearTimeout(drawing);
    drawing = setTimeout(redraw, SETTLED, unitShown, (name) => strategyShown(name === "(sin estrategia)" ? NONE : name));
  }

  function hide(row, hidden) {
    if (row.hidden !== hidden) row.hidden = hidden;
  }

  function redraw(unitShown, strategyShown) {
    const kept = {
      "grafica-unidades": ["unidades", (row) => unitShown(row.ur)],
      "grafica-presupuesto": ["presupuesto", (row) => unitShown(row.ur)],
      "grafica-estrategias": ["estrategias", (row) => strategyShown(row.estrategia)],
    };
    for (const [id, [name, keep]] of Object.entries(kept)) {
      if (!views[id]) continue;
      const rows = data.filas[name].filter(keep);
      views[id].data(name, rows);
      if (name === "estrategias") views[id].height(BAND * Math.max(1, rows.length));
      views[id].runAsync();
    }
  }

  function show(ur) {
    const button = document.querySelector(`#unidades tr[data-ur="${CSS.escape(ur)}"] button.open`);
    if (!button) return;
    if (button.getAttribute("aria-expanded") === "false") toggle(button);
    button.focus({ preventScroll: true });
    button.closest("tr").scrollIntoView({ block: "center" });
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (head.dataset.sort) sortable(head, (direction) => sortRows(table, column, head.dataset.sort === "num", direction));
    });
  }
  byId("unidades").addEventListener("click", (event) => {
    const button = event.target.closest("button.open");
    if (button) toggle(button);
  });
  for (const field of Object.values(FILTERS)) field.addEventListener("input", apply);
  byId("filtros").addEventListener("submit", (event) => event.preventDefault());
  byId("filtros").addEventListener("reset", () => setTimeout(apply));
  byId("mas").addEventListener("click", () => {
    shown += STEP;
    results();
  });
  apply();

  // Interpreted, not compiled: the page's policy allows no evaluated code.
  const drawn = Object.entries(data.graficas).map(async ([id, spec]) => {
    const { view } = await vegaEmbed(byId(id), { ...spec, datasets: data.filas }, { actions: false, renderer: "svg", ast: true });
    views[id] = view;
    view.addEventListener("click", (_, item) => {
      if (item && item.datum && item.datum.ur) show(item.datum.ur);
    });
  });
  Promise.all(drawn).then(() => {
    apply();
    document.body.dataset.ready = "true";
  });
})();
