// Runs before the first paint, so that a light page does not flash dark.
try {
  document.documentElement.dataset.bsTheme = localStorage.getItem('openhours-theme') || 'dark';
} catch {
  /* without storage the theme is dark */
}
