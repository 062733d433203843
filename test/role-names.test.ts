import { expect, test } from 'vitest';
import { saysAdministrator } from '../src/fields/role-rights.ts';

test.each([
  'Admin',
  'Admins',
  'ADMINISTRATOR',
  'Administrators (EMEA)',
  'Аdmin',
  'АDМIN',
  'Αdmin',
  'Ａｄｍｉｎ',
  'Ad\u200bmin',
  'Adm\u00adin',
  'Ádmín',
  'Adrnin',
  'Adm1n',
  'AdmІn',
  'A.d.m.i.n',
  'Sysadmins',
  'SuperAdmin',
  'Halo_Admin',
  'Administrateur',
  'Administrador',
  'Amministratore',
  'Администратор',
  'Адміністратор',
  'Διαχειριστής',
  '系统管理员',
  'Super User',
])('%s: its name speaks of an administrator', (name) => {
  expect(saysAdministrator(name)).toBe(true);
});

test.each([
  '1st Line Support',
  'Project Engineer',
  'Finance',
  'Report Viewer',
  'Domain Specialist',
  'Поддержка',
])('%s: its name does not', (name) => {
  expect(saysAdministrator(name)).toBe(false);
});
