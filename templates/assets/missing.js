// On the page for addresses that lead nowhere: shows the certificate number that was asked for, and puts it in the search.
"use strict";

(() => {
  const asked = location.pathname.match(/\/C\/([^/].{0,79}?)\/?$/i);
  if (!asked) return;
  let number = asked[1];
  try {
    number = decodeURIComponent(number);
  } catch {
    // a stray % sign: shown as it stands in the address
  }
  const line = document.querySelector(".asked");
  line.querySelector("b").textContent = number;
  line.hidden = false;
  document.querySelector("#q").value = number;
})();
