import type { Context } from './acting.ts';
import { Fields } from './fields.ts';
import { readHome } from './read-view.ts';
import type { HomeTab } from './views.ts';

/** The app's Home tab, as one person has it before them. */
export class OpenHome extends Fields {
  private readonly home: HomeTab;

  constructor(context: Context, home: HomeTab) {
    super(context, { on: 'home', home });
    this.home = home;
  }

  text(): string {
    return readHome(this.home.view, this.home.values, this.context.store.names);
  }
}
