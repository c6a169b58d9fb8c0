// Lays cards out side by side as Teams does, and measures whether every word can be seen.
(() => {
  const AC = window.AdaptiveCards;
  const SHEET = 1320; // How many pixels of cards stand side by side.
  const SLACK = 1.5; // Fractions of a pixel are no fault; the eye sees nothing of them.

  function render(json, config) {
    const card = new AC.AdaptiveCard();
    card.hostConfig = new AC.HostConfig(config);
    card.parse(json, new AC.SerializationContext(AC.Versions.v1_5));
    return card.render();
  }

  function columns(width) {
    const beside = Math.max(1, Math.floor(SHEET / width));
    document.getElementById("cards").replaceChildren(...Array.from({ length: beside }, () => document.createElement("div")));
  }

  function frame(name, width) {
    const figure = document.createElement("figure");
    figure.style.width = `${width}px`;
    figure.dataset.name = name;
    const caption = document.createElement("figcaption");
    caption.textContent = name;
    figure.append(caption);
    const shortest = [...document.getElementById("cards").children].sort((a, b) => a.offsetHeight - b.offsetHeight)[0];
    shortest.append(figure);
    return figure;
  }

  // Each button that opens a card within the card gets a picture of its own, with that card open.
  window.show = (cards, config, width) => {
    columns(width);
    for (const [name, json] of Object.entries(cards)) {
      const figure = frame(name, width);
      figure.append(render(json, config));
      const openers = figure.querySelectorAll("button[aria-expanded]").length;
      for (let i = 0; i < openers; i++) {
        const opened = frame(`${name}, opened ${i + 1}`, width);
        opened.append(render(json, config));
        opened.querySelectorAll("button[aria-expanded]")[i].click();
      }
    }
  };

  function words(figure) {
    const found = [];
    const walker = document.createTreeWalker(figure.querySelector(".ac-adaptiveCard"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!node.data.trim() || node.parentElement.closest("select, textarea, option")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
      if (boxes.length) found.push({ node, boxes, text: node.data.trim().slice(0, 60) });
    }
    return found;
  }

  // What hides overflow across may do so down as well: both ways of losing words count.
  function clips(box, figure, parent) {
    for (let above = parent; above && figure.contains(above); above = above.parentElement) {
      const hides = above === figure || getComputedStyle(above).overflow !== "visible";
      const edge = above.getBoundingClientRect();
      if (hides && (box.right > edge.right + SLACK || box.left < edge.left - SLACK)) return true;
      if (hides && (box.bottom > edge.bottom + 3 || box.top < edge.top - 3)) return true;
    }
    return false;
  }

  function collide(one, two) {
    const across = Math.min(one.right, two.right) - Math.max(one.left, two.left);
    const down = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
    return across > SLACK && down > 3;
  }

  window.hiddenWords = () => {
    const faults = [];
    for (const figure of document.querySelectorAll("figure")) {
      const found = words(figure);
      if (figure.scrollWidth > figure.clientWidth) faults.push(`${figure.dataset.name}: wider than its place`);
      for (const { node, boxes, text } of found) {
        if (boxes.some((box) => clips(box, figure, node.parentElement))) {
          faults.push(`${figure.dataset.name}: cut off: ${text}`);
        }
      }
      found.forEach((one, i) => {
        for (const two of found.slice(i + 1)) {
          if (one.boxes.some((a) => two.boxes.some((b) => collide(a, b)))) {
            faults.push(`${figure.dataset.name}: over each other: ${one.text} | ${two.text}`);
          }
        }
      });
    }
    return faults;
  };

  window.unfit = async () => {
    const rules = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] };
    const { violations, incomplete } = await axe.run("#cards", rules);
    const unsure = incomplete.filter((rule) => rule.id === "color-contrast");
    return [...violations, ...unsure].flatMap((rule) =>
      rule.nodes.map((node) => {
        const figure = document.querySelector(node.target[0]).closest("figure");
        const seen = document.querySelector(node.target[0]).textContent.trim().slice(0, 60);
        return `${figure.dataset.name}: ${rule.id}: ${seen}: ${node.failureSummary.split("\n").at(-1).trim()}`;
      }),
    );
  };
})();
