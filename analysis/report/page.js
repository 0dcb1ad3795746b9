(() => {
  "use strict";
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const narrow = matchMedia("(max-width: 46rem)");
  const tip = document.body.appendChild(document.createElement("div"));
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("role", "status");

  const say = (value, box) => {
    const list = document.createElement("dl");
    for (const [name, said] of Object.entries(value)) {
      list.appendChild(document.createElement("dt")).textContent = name;
      list.appendChild(document.createElement("dd")).textContent = said;
    }
    tip.replaceChildren(list);
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const left = Math.min(box.right + 10, innerWidth - width - 4);
    const above = box.top - height - 8;
    tip.style.left = `${Math.max(4, left)}px`;
    tip.style.top = `${above > 4 ? above : Math.max(4, Math.min(box.bottom + 8, innerHeight - height - 4))}px`;
  };
  let again = null;
  const hush = () => { tip.hidden = true; again = null; };
  const byPointer = (_, event, item, value) => {
    if (value === null || value === undefined || value === "") return hush();
    const { clientX: x, clientY: y } = event;
    again = null;
    say(value, { left: x, right: x, top: y, bottom: y });
  };

  const marks = (item, found = []) => {
    for (const part of item.items ?? []) {
      if (part.tooltip && part._svg) found.push(part);
      marks(part, found);
    }
    return found;
  };
  const walk = (target, view) => {
    let at = -1;
    target.tabIndex = 0;
    target.setAttribute("role", "group");
    target.setAttribute("aria-label", "Chart; arrow keys go from point to point");
    target.addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") hush();
      if (!step) return;
      event.preventDefault();
      const found = marks(view.scenegraph().root).sort((a, b) => a.bounds.x1 - b.bounds.x1);
      if (!found.length) return;
      at = (at + step + found.length) % found.length;
      const chosen = found[at];
      again = () => {
        const box = chosen._svg.getBoundingClientRect();
        say(chosen.tooltip, box);
        tip.hidden = box.bottom < 0 || box.top > innerHeight;
      };
      again();
    });
    target.addEventListener("blur", hush);
    target.addEventListener("pointerleave", hush);
  };

  const answer = async figure => {
    const size = narrow.matches ? "narrow" : "wide";
    const place = figure.querySelector(`[data-size="${size}"]`);
    if (!place || place.dataset.state) return;
    place.dataset.state = "drawing";
    const found = charts[figure.dataset.chart];
    const spec = { ...found[size], datasets: { ...found[size].datasets, points: found.points } };
    const target = document.createElement("div");
    target.className = "chart";
    try {
      const { view } = await vegaEmbed(target, spec, {
        actions: false, ast: true, defaultStyle: false, mode: "vega-lite", renderer: "svg", tooltip: byPointer,
      });
      place.append(target);
      place.classList.add("answered");
      figure.querySelector(".drawing").removeAttribute("role");
      walk(target, view);
    } catch (problem) {
      console.error(figure.dataset.chart, problem);
    }
  };
  const figures = [...document.querySelectorAll("figure[data-chart]")];
  const seen = new IntersectionObserver(entries => {
    for (const entry of entries) if (entry.isIntersecting) answer(entry.target);
  }, { rootMargin: "300px" });
  figures.forEach(figure => seen.observe(figure));
  narrow.addEventListener("change", () => figures.forEach(figure => { seen.unobserve(figure); seen.observe(figure); }));
  addEventListener("scroll", () => { if (again) again(); else hush(); }, { passive: true });
})();
