const paths = {
  close: 'M5 5l10 10M15 5L5 15',
  back: 'M12 4l-6 6 6 6',
  down: 'M5 8l5 5 5-5',
  lock: 'M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  eye: 'M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 7.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z',
  send: 'M3 4l14 6-14 6 2.5-6zM5.5 10H17',
  bolt: 'M11 2L4 11.5h5L8.5 18l7.5-9.5h-5.5z',
  more: 'M4.5 9.4a.6.6 0 1 0 0 1.2.6.6 0 0 0 0-1.2zM10 9.4a.6.6 0 1 0 0 1.2.6.6 0 0 0 0-1.2zM15.5 9.4a.6.6 0 1 0 0 1.2.6.6 0 0 0 0-1.2z',
  alert: 'M10 3l8 14H2zM10 8v4M10 14.5v.01',
  check: 'M4 10.5l4 4 8-9',
  sun: 'M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.3l1.5 1.5M14.2 14.2l1.5 1.5M15.7 4.3l-1.5 1.5M5.8 14.2l-1.5 1.5',
  trash: 'M4 6h12M8 6V4h4v2M6 6l.7 11h6.6L14 6',
  file: 'M5 3h7l4 4v10H5zM12 3v4h4',
};

/** A drawing beside a text that says the same, so it is silent for screen readers. */
export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
